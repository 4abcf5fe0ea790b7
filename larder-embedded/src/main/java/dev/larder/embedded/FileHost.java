package dev.larder.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A database in a directory. DynamoDB Local answers HTTP 500 when two servers use one file, so
 * there is one server, run by whoever holds the {@link DirectoryLock}: the owner. The others are
 * guests.
 *
 * <p><b>The owner dies between lock and publication.</b> The lock is free again, the port file is
 * missing or tells of an earlier owner. A guest that waits tries the lock each time before it reads
 * the file, and becomes the owner.
 *
 * <p><b>A killed owner's port is given to another program.</b> The file still names it. Guests
 * believe a port only if the server there knows the token written beside it, and the next owner
 * deletes the file before it starts.
 *
 * <p><b>Two take over at once.</b> The operating system gives the lock to one; the other sees it
 * held and waits for the new address. Two threads of one instance share one election.
 *
 * <p><b>The owner closes while a guest's request is in flight.</b> The server finishes what it has
 * begun and answers 503 to what comes after, which {@link FollowingHttpClient} sends again to the
 * successor. The lock is released last, when the database file is closed, so the successor does not
 * open it too early.
 *
 * <p><b>The owner stands still</b> (a debugger, SIGSTOP). It holds the lock and answers nobody.
 * Nothing may be taken from it, since it could go on at any time: guests wait for {@link #PATIENCE}
 * and then fail with a message.
 *
 * <p><b>A caller is interrupted while it waits</b>, as the SDK does to enforce its timeouts. The
 * election goes on in a thread of its own, and the next request finds its result.
 */
final class FileHost implements Host {
  /** How long a directory may be held by a process that does not serve it. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String DATABASE = "shared-local-instance.db";

  /** The first 16 bytes of each SQLite file (sqlite.org/fileformat.html, section 1.3). */
  private static final String SQLITE_HEADER = "SQLite format 3\0";

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Path directory;
  private final PortFile portFile;
  private final Duration patience;

  /** The seat, and the election that is to replace it; both guarded by this. */
  private @Nullable Seat seat;

  private @Nullable CompletableFuture<Seat> election;

  private volatile boolean closed;

  private FileHost(Path directory, Duration patience) {
    this.directory = directory;
    this.portFile = new PortFile(directory);
    this.patience = patience;
  }

  /** Serves the directory or finds the one who does; it must exist and be a real path. */
  static FileHost open(Path directory) {
    return open(directory, PATIENCE);
  }

  static FileHost open(Path directory, Duration patience) {
    var host = new FileHost(directory, patience);
    try {
      Seat unused = host.await(host.elect(null));
      return host;
    } catch (IOException e) {
      host.close();
      if (e.getCause() instanceof IllegalStateException reason) {
        throw reason;
      }
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized URI endpoint() {
    Seat current = seat;
    if (closed || current == null) {
      throw closedException();
    }
    return current.address.endpoint();
  }

  @Override
  public URI endpointAfter(URI failed) throws IOException {
    Seat current;
    synchronized (this) {
      current = seat;
      if (closed || current == null) {
        throw closedException();
      }
    }
    if (!current.address.endpoint().equals(failed)
        || current.isHere()
        || current.address.answers()) {
      return current.address.endpoint();
    }
    return await(elect(current)).address.endpoint();
  }

  /** Starts an election to replace a seat, unless that has been done or is being done. */
  private synchronized CompletableFuture<Seat> elect(@Nullable Seat lost) {
    if (election != null) {
      return election;
    }
    if (closed) {
      return CompletableFuture.failedFuture(closedException());
    }
    if (seat != lost && seat != null) {
      return CompletableFuture.completedFuture(seat);
    }
    var result = new CompletableFuture<Seat>();
    election = result;
    Thread thread = new Thread(ExitWatch.GROUP, () -> hold(result), "larder-embedded-election");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private void hold(CompletableFuture<Seat> result) {
    Seat won = null;
    Throwable failure = null;
    try {
      won = findSeat();
    } catch (Throwable e) {
      failure = e;
    }
    synchronized (this) {
      election = null;
      if (won != null) {
        seat = won;
      }
    }
    if (won != null) {
      result.complete(won);
    } else {
      result.completeExceptionally(failure);
    }
  }

  private Seat findSeat() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!closed) {
      DirectoryLock lock = DirectoryLock.tryAcquire(directory);
      if (lock != null) {
        return serve(lock);
      }
      Optional<ServerAddress> published = portFile.read();
      if (published.isPresent() && published.get().answers()) {
        return new Seat(published.get(), null, null);
      }
      if (System.nanoTime() - start > patience.toNanos()) {
        throw new IllegalStateException(
            "Another process holds "
                + directory.resolve(DirectoryLock.FILE)
                + " but has not served the database for "
                + patience.toSeconds()
                + " s; if it is suspended, resume or end it, or use another directory");
      }
      Thread.sleep(PAUSE.toMillis());
    }
    throw closedException();
  }

  private Seat serve(DirectoryLock lock) throws IOException {
    LocalServer server = null;
    try {
      portFile.delete();
      requireDatabase(directory.resolve(DATABASE));
      server = LocalServer.start(directory);
      portFile.publish(server.address());
      return new Seat(server.address(), server, lock);
    } catch (IOException | RuntimeException e) {
      try (lock) {
        if (server != null) {
          server.close();
        }
      }
      throw e;
    }
  }

  /**
   * Refuses a file that is no database. DynamoDB Local would answer HTTP 500 without a reason, and
   * keep a broken queue for this file until the JVM ends, even after the file was mended.
   */
  private static void requireDatabase(Path file) throws IOException {
    if (Files.notExists(file) || Files.size(file) == 0) {
      return;
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(SQLITE_HEADER.length());
    }
    if (!new String(start, StandardCharsets.ISO_8859_1).equals(SQLITE_HEADER)) {
      throw new IllegalStateException(
          file + " is not a database of DynamoDB Local; move it away or use another directory");
    }
  }

  private Seat await(CompletableFuture<Seat> running) throws IOException {
    try {
      return running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var aborted =
          new InterruptedIOException("Interrupted while waiting for the embedded DynamoDB");
      aborted.initCause(e);
      throw aborted;
    } catch (ExecutionException e) {
      throw new IOException(
          "No embedded DynamoDB serves " + directory + "; see the cause", e.getCause());
    }
  }

  private IllegalStateException closedException() {
    return new IllegalStateException(
        "This embedded DynamoDB on "
            + directory
            + " is closed; open it again with EmbeddedDynamoDb.inFile(..)");
  }

  @Override
  public void close() {
    CompletableFuture<Seat> running;
    synchronized (this) {
      closed = true;
      running = election;
    }
    if (running != null) {
      // Its loop ends at once; if it is starting a server, that has to be stopped below.
      running.handle((won, failure) -> won).join();
    }
    Seat last;
    synchronized (this) {
      last = seat;
      seat = null;
    }
    if (last != null) {
      try {
        last.leave();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot give up " + directory + "; see the cause", e);
      }
    }
  }

  /** A place at the database: a guest's knows an address, an owner's holds server and lock too. */
  private final class Seat {
    private final ServerAddress address;
    private final @Nullable LocalServer server;
    private final @Nullable DirectoryLock lock;

    Seat(ServerAddress address, @Nullable LocalServer server, @Nullable DirectoryLock lock) {
      this.address = address;
      this.server = server;
      this.lock = lock;
    }

    /** Whether the server is in this process: then it answers for as long as this host is open. */
    boolean isHere() {
      return server != null;
    }

    /** An owner first lets nobody in, then ends its server, then lets the next one have it. */
    void leave() throws IOException {
      if (server == null || lock == null) {
        return;
      }
      try (lock) {
        try {
          portFile.delete();
        } finally {
          server.close();
        }
      }
    }
  }
}
