package dev.larder.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A temporary directory and what runs on it. Both are gone when it is closed, and also when the JVM
 * is told to end.
 */
final class Workplace implements AutoCloseable {
  private final Path directory;
  private final Belongings belongings = Belongings.create();

  private Workplace(Path directory) {
    this.directory = directory;
  }

  static Workplace create() throws IOException {
    Workplace workplace = new Workplace(Files.createTempDirectory("larder-demo-"));
    workplace.belongings.add(workplace::deleteDirectory);
    return workplace;
  }

  Path directory() {
    return directory;
  }

  /** Closes this, too, at the end; what is added last is closed first. */
  <T extends AutoCloseable> T add(T resource) {
    return belongings.add(resource);
  }

  /** Closes this now. */
  void remove(AutoCloseable resource) {
    belongings.remove(resource);
  }

  @Override
  public void close() {
    belongings.close();
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
  }
}
