package dev.larder.testkit;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * What a {@link ScriptedOrigin} answers. Immutable: each {@code with…} method returns a changed
 * copy.
 *
 * <p>The field lines go out exactly as they are. Only {@code Content-Length} is added where there
 * is neither one nor {@code Transfer-Encoding}, and the status allows a body; no {@code Date} is
 * added, so that a test decides about it. With {@code Transfer-Encoding: chunked} the body goes out
 * in chunks.
 *
 * @param status the status code
 * @param headers the field lines
 * @param body the bytes of the body; not sent in answer to HEAD
 * @param delay how long the origin waits before it answers, for demonstrations; tests rather use a
 *     latch
 * @param latch what the origin waits for before it answers, at most a minute
 * @param fault what goes wrong
 */
public record Answer(
    int status,
    Headers headers,
    Body body,
    Duration delay,
    Optional<CountDownLatch> latch,
    Fault fault) {

  /** What can go wrong with an answer. The connection is not used again after any of them. */
  public enum Fault {
    /** Nothing. */
    NONE,
    /** The connection is closed without an answer. */
    NO_ANSWER,
    /** The whole body is sent, but {@code Content-Length} announces ten bytes more. */
    LENGTH_TOO_LARGE,
    /** Half of the body is sent, and then the connection is reset. */
    RESET_HALFWAY
  }

  /** Status 200 with this text in UTF-8 and no field lines. */
  public static Answer ok(String text) {
    return of(200, Headers.empty(), Body.of(text));
  }

  /** A status with field lines and no body. */
  public static Answer of(int status, Headers headers) {
    return of(status, headers, Body.empty());
  }

  /** A status with field lines and a body. */
  public static Answer of(int status, Headers headers, Body body) {
    return new Answer(status, headers, body, Duration.ZERO, Optional.empty(), Fault.NONE);
  }

  /** This answer with one more field line. */
  public Answer withHeader(String name, String value) {
    Headers more = Headers.builder().addAll(headers).add(name, value).build();
    return new Answer(status, more, body, delay, latch, fault);
  }

  /** This answer after a delay. */
  public Answer withDelay(Duration time) {
    return new Answer(status, headers, body, time, latch, fault);
  }

  /** This answer when the latch is open. */
  public Answer withLatch(CountDownLatch open) {
    return new Answer(status, headers, body, delay, Optional.of(open), fault);
  }

  /** This answer going wrong. */
  public Answer withFault(Fault wrong) {
    return new Answer(status, headers, body, delay, latch, wrong);
  }
}
