package dev.larder.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/**
 * A temporary directory and what runs on it. Both are gone when it is closed, and also when the JVM
 * is told to end, as by Ctrl-C.
 */
final class Workplace implements AutoCloseable {
  private final Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread hook = new Thread(this::clean, "larder-demo-end");
  private boolean closed;

  private Workplace(Path directory) {
    this.directory = directory;
  }

  static Workplace create() throws IOException {
    Workplace workplace = new Workplace(Files.createTempDirectory("larder-demo-"));
    Runtime.getRuntime().addShutdownHook(workplace.hook);
    return workplace;
  }

  Path directory() {
    return directory;
  }

  /** Closes this, too, at the end; what is added last is closed first. */
  synchronized <T extends AutoCloseable> T add(T resource) {
    if (closed) {
      closeNow(resource);
      throw new IllegalStateException("the demonstration was ended");
    }
    open.push(resource);
    return resource;
  }

  /** Closes this now. */
  synchronized void remove(AutoCloseable resource) {
    if (open.remove(resource)) {
      closeNow(resource);
    }
  }

  @Override
  public void close() {
    clean();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook has run or is about to find nothing.
      return;
    }
  }

  private synchronized void clean() {
    closed = true;
    while (!open.isEmpty()) {
      closeNow(open.pop());
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }

  private static void closeNow(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException(resource + " cannot be closed; see the cause", e);
    }
  }
}
