package dev.larder.jdk;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

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

  /**
   * An exception of the kind that the JDK's client throws for this cause.
   *
   * @throws IllegalArgumentException for one, as a request that cannot be sent makes
   * @throws SecurityException for one
   */
  static IOException thrown(Throwable cause) {
    String message = cause.getMessage();
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof IllegalArgumentException) {
      throw new IllegalArgumentException(message, cause);
    }
    if (cause instanceof SecurityException) {
      throw new SecurityException(message, cause);
    }
    IOException here;
    if (cause instanceof HttpConnectTimeoutException) {
      here = new HttpConnectTimeoutException(message);
    } else if (cause instanceof HttpTimeoutException) {
      here = new HttpTimeoutException(message);
    } else if (cause instanceof ConnectException) {
      here = new ConnectException(message);
    } else if (cause instanceof SSLHandshakeException) {
      here = new SSLHandshakeException(message);
    } else if (cause instanceof SSLException) {
      here = new SSLException(message);
    } else if (cause instanceof ProtocolException) {
      here = new ProtocolException(message);
    } else {
      here = new IOException(message);
    }
    here.initCause(cause);
    return here;
  }
}
