package dev.larder.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a command has open. All of it is closed when this is, what was added last first, and also
 * when the JVM is told to end, as by Ctrl-C.
 */
final class Belongings implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread hook = new Thread(this::closeAll, "larder-end");
  private boolean closed;

  private Belongings() {}

  static Belongings create() {
    Belongings belongings = new Belongings();
    Runtime.getRuntime().addShutdownHook(belongings.hook);
    return belongings;
  }

  /**
   * Closes this, too, at the end.
   *
   * @throws IllegalStateException if the end has come already; it is closed now
   */
  synchronized <T extends AutoCloseable> T add(T resource) {
    if (closed) {
      closeNow(resource);
      throw new IllegalStateException("the command was ended");
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
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook has run or is about to find nothing.
      return;
    }
  }

  /** Two threads may come here, and neither leaves before all is closed. */
  private synchronized void closeAll() {
    closed = true;
    while (!open.isEmpty()) {
      closeNow(open.pop());
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
