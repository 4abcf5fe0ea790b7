package dev.larder.jdk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waiting for futures, and what comes out of them, as the JDK's client does it. */
final class Futures {
  private Futures() {}

  /** What made a stage fail, without what stages wrap it in. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The value of a future that is done or soon will be. */
  static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.join();
    } catch (CompletionException | CancellationException e) {
      throw thrown(cause(e));
    }
  }

  /**
   * Waits for a response. An interrupt ends what is under way.
   *
   * @throws IOException whatever failed: an exception of the kind that the JDK's client throws,
   *     with the trace of this thread
   */
  static <T> T awaitInterruptibly(CompletableFuture<T> future)
      throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException | CancellationException e) {
      throw thrown(cause(e));
    }
  }

  private static IOException thrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    IOException here;
    if (cause instanceof HttpConnectTimeoutException) {
      here = new HttpConnectTimeoutException(cause.getMessage());
    } else if (cause instanceof HttpTimeoutException) {
      here = new HttpTimeoutException(cause.getMessage());
    } else if (cause instanceof ConnectException) {
      here = new ConnectException(cause.getMessage());
    } else if (cause instanceof InterruptedIOException) {
      here = new InterruptedIOException(cause.getMessage());
    } else {
      here = new IOException(cause.getMessage(), cause);
    }
    if (here.getCause() == null) {
      here.initCause(cause);
    }
    return here;
  }
}
