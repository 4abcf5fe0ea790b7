package dev.larder.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local's request handler in a Jetty server of our own: the stock server listens on every
 * interface and cannot be told otherwise. Its telemetry belongs to the stock server's start, which
 * is not used, so none is ever loaded.
 */
final class LocalServer implements AutoCloseable {
  private static final long DRAIN_MILLIS = 5000;

  private final Server server;
  private final LocalDynamoDBServerHandler database;
  private final ThreadGroup threads;
  private final ServerAddress address;

  private LocalServer(
      Server server,
      LocalDynamoDBServerHandler database,
      ThreadGroup threads,
      ServerAddress address) {
    this.server = server;
    this.database = database;
    this.threads = threads;
    this.address = address;
  }

  /**
   * Starts a server on a free port of 127.0.0.1 and waits until it has answered a request.
   *
   * <p>DynamoDB Local starts threads of its own, and hands back none. Started from a thread in a
   * group made for it, they all end up in that group, and {@link #close} can wait for them.
   *
   * @param directory where the database is; null for one in memory
   */
  static LocalServer start(@Nullable Path directory) {
    ThreadGroup threads = ExitWatch.newGroup();
    var started = new CompletableFuture<LocalServer>();
    Thread starter =
        new Thread(
            threads,
            () -> {
              try {
                started.complete(launch(directory, threads));
              } catch (Throwable e) {
                started.completeExceptionally(e);
              }
            },
            "larder-embedded-start");
    starter.setDaemon(true);
    starter.start();
    try {
      return started.join();
    } catch (CompletionException e) {
      awaitEndOf(threads);
      throw new IllegalStateException(
          directory == null
              ? "DynamoDB Local does not start; see the cause"
              : "DynamoDB Local does not start on " + directory + "; see the cause",
          e.getCause());
    }
  }

  private static LocalServer launch(@Nullable Path directory, ThreadGroup threads)
      throws Exception {
    var database =
        new LocalDynamoDBServerHandler(
            new LocalDynamoDBRequestHandler(
                0, directory == null, directory == null ? null : directory.toString(), true, false),
            null);
    var pool = new QueuedThreadPool();
    pool.setName("larder-embedded");
    pool.setDaemon(true);
    var server =
        new Server(pool, new ScheduledExecutorScheduler("larder-embedded-timer", true), null);
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    server.addConnector(connector);
    String token = UUID.randomUUID().toString();
    server.setHandler(new GracefulHandler(new FrontDoor(token, database)));
    server.setStopTimeout(DRAIN_MILLIS);
    LocalServer started = null;
    try {
      server.start();
      var address = new ServerAddress(connector.getLocalPort(), token);
      started = new LocalServer(server, database, threads, address);
      String answer = address.listTables();
      if (!ServerAddress.succeeded(answer)) {
        throw new IOException("DynamoDB Local cannot open its database; it answered: " + answer);
      }
      return started;
    } catch (Exception e) {
      if (started != null) {
        started.stop();
      } else {
        database.close();
      }
      throw e;
    }
  }

  ServerAddress address() {
    return address;
  }

  /** On return the port is free, the database file is closed and its threads have ended. */
  @Override
  public void close() {
    stop();
    awaitEndOf(threads);
  }

  private void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The embedded DynamoDB did not stop; see the cause", e);
    } finally {
      database.close();
    }
  }

  /**
   * The database file is closed by a thread that outlives {@code close()} of DynamoDB Local. Were
   * the lock on the directory released before that, the next owner could open a file still being
   * written. An interrupt does not shorten the wait, for the same reason.
   */
  private static void awaitEndOf(ThreadGroup threads) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
    boolean interrupted = false;
    for (Thread thread : Threads.in(threads)) {
      if (thread.getName().startsWith("pool-")) {
        // Its job that sweeps by time to live sleeps for seconds, even after close().
        thread.interrupt();
      }
      while (thread.isAlive() && System.nanoTime() < deadline) {
        try {
          thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
