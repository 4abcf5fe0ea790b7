package dev.larder.jdk;

import dev.larder.Answer;
import dev.larder.Continuation;
import dev.larder.Exchange;
import dev.larder.http.Headers;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** The rest of a stored body that was lost, fetched from the origin where that is certain. */
final class RestAtOrigin implements Rest {
  /** The caller has its response already; this is what its connection would take to break. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final ClientParts client;
  private final KnownRequest request;
  private final Exchange exchange;
  private final Answer answer;

  RestAtOrigin(ClientParts client, KnownRequest request, Exchange exchange, Answer answer) {
    this.client = client;
    this.request = request;
    this.exchange = exchange;
    this.answer = answer;
  }

  @Override
  public InputStream after(long delivered, IOException failure) throws IOException {
    Optional<Continuation> possible = exchange.onBrokenBody(answer, failure);
    if (possible.isEmpty()) {
      throw failure;
    }
    Continuation continuation = possible.get();
    Duration wait = request.original().timeout().orElse(LONGEST_WAIT);
    HttpRequest toSend = request.toSend(continuation.headers(delivered), Optional.of(wait));
    try {
      HttpResponse<InputStream> response =
          client.delegate().send(toSend, BodyHandlers.ofInputStream());
      if (continuation.isMetBy(
          response.statusCode(), Headers.copyOf(response.headers().map()), delivered)) {
        return new Exactly(response.body(), continuation.missing(delivered));
      }
      // Of something else nobody needs the body, however long it is.
      response.body().close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw failure;
  }

  /** So many bytes, neither more nor fewer. */
  private static final class Exactly extends FilterInputStream {
    private long left;

    Exactly(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = in.read(target, offset, length);
      left -= Math.max(count, 0);
      if (left < 0 || (count < 0 && left > 0)) {
        throw new EOFException(
            "the origin sent another length than it said for the rest of the body");
      }
      return count;
    }
  }
}
