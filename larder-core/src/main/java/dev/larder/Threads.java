package dev.larder;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads that may wait for a storage. */
final class Threads {
  /** Virtual ones from JDK 21 on; none keeps a JVM up. */
  static final Executor EXECUTOR = executor();

  private Threads() {}

  private static Executor executor() {
    try {
      return (ExecutorService)
          MethodHandles.publicLookup()
              .findStatic(
                  Executors.class,
                  "newVirtualThreadPerTaskExecutor",
                  MethodType.methodType(ExecutorService.class))
              .invoke();
    } catch (Throwable e) {
      return Executors.newCachedThreadPool(Threads::daemon);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "larder-client");
    thread.setDaemon(true);
    return thread;
  }
}
