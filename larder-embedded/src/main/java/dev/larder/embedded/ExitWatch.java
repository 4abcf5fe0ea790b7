package dev.larder.embedded;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a program end that forgot to close an embedded DynamoDB. DynamoDB Local starts threads that
 * are not daemons, in its own code, so a {@code main} that simply returns would leave the JVM
 * running for ever. A daemon thread here waits for the end of one non-daemon thread of the program
 * after another; when none is left, the JVM would have ended without us, and everything still open
 * is closed.
 */
final class ExitWatch {
  /** Holds every thread of this package and of DynamoDB Local: they are no reason to go on. */
  static final ThreadGroup GROUP = new ThreadGroup("larder-embedded");

  /** The JVM's own name for the thread that waits for the others after {@code main} returned. */
  private static final String JVM_END = "DestroyJavaVM";

  private static final Logger LOG = LoggerFactory.getLogger(ExitWatch.class);
  private static final Set<Registration> OPEN = ConcurrentHashMap.newKeySet();
  private static @Nullable Thread watcher;

  private ExitWatch() {}

  /** A group for the threads of one server. */
  static ThreadGroup newGroup() {
    return new ThreadGroup(GROUP, "larder-embedded-server");
  }

  /** Has something closed when the program has ended but for it. */
  static synchronized Registration register(Runnable close) {
    var registration = new Registration(close);
    OPEN.add(registration);
    if (watcher == null) {
      watcher = new Thread(GROUP, ExitWatch::watch, "larder-embedded-exit-watch");
      watcher.setDaemon(true);
      watcher.start();
    }
    return registration;
  }

  private static void watch() {
    while (isNeeded()) {
      Thread running = threadOfProgram();
      if (running == null) {
        List.copyOf(OPEN).forEach(ExitWatch::end);
      } else {
        awaitEnd(running);
      }
    }
  }

  private static void end(Registration registration) {
    try {
      registration.close.run();
    } catch (RuntimeException e) {
      // One that fails to close must not keep the others, and with them the JVM, from ending.
      LOG.warn("An embedded DynamoDB did not close when the program ended", e);
    } finally {
      registration.cancel();
    }
  }

  private static void awaitEnd(Thread running) {
    try {
      running.join();
    } catch (InterruptedException e) {
      // Nobody ends this thread by interrupting it; it looks again.
      LOG.debug("Interrupted while waiting for the end of {}", running.getName());
    }
  }

  private static synchronized boolean isNeeded() {
    if (OPEN.isEmpty()) {
      watcher = null;
      return false;
    }
    return true;
  }

  private static @Nullable Thread threadOfProgram() {
    for (Thread thread : Threads.in(Threads.root())) {
      ThreadGroup group = thread.getThreadGroup();
      if (!thread.isDaemon()
          && group != null
          && !GROUP.parentOf(group)
          && !thread.getName().equals(JVM_END)) {
        return thread;
      }
    }
    return null;
  }

  /** What is to be closed; cancelled when it has been. */
  static final class Registration {
    private final Runnable close;

    private Registration(Runnable close) {
      this.close = close;
    }

    void cancel() {
      OPEN.remove(this);
    }
  }
}
