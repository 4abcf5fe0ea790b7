package dev.larder.testkit.dynamodb;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/**
 * What a {@link FaultProxy} does to a request instead of passing it on and its answer back.
 * Immutable; one may be ordered any number of times.
 *
 * <p>Where a fault breaks a connection, the client sees a reset rather than an orderly end, and
 * whether the request was carried out is said here and not visible to the client. Nothing waits for
 * time to pass: what is slow waits for a latch of the test's, at most a minute.
 *
 * <p>The faults that look into items ({@link #lostItems}, {@link #truncatedItems}) take the text
 * attribute {@code key} for the key of an item, as Larder's tables have it.
 */
public final class WireFault {
  /** No fault: passes the request on, and its answer back. */
  static final WireFault NONE =
      new WireFault(
          "none",
          exchange -> {
            exchange.send(exchange.carryOut());
            return true;
          });

  private final String name;
  private final boolean keepsWaiting;
  private final Action action;

  /** Handles a request; says whether the connection can be used for another one. */
  @FunctionalInterface
  private interface Action {
    boolean apply(WireExchange exchange) throws IOException, InterruptedException;
  }

  private WireFault(String name, Action action) {
    this(name, false, action);
  }

  private WireFault(String name, boolean keepsWaiting, Action action) {
    this.name = name;
    this.keepsWaiting = keepsWaiting;
    this.action = action;
  }

  boolean apply(WireExchange exchange) throws IOException, InterruptedException {
    return action.apply(exchange);
  }

  /** Whether the client waits until somebody ends that. */
  boolean keepsWaiting() {
    return keepsWaiting;
  }

  /** Takes the request, does not carry it out, and says nothing until the client gives up. */
  public static WireFault silent() {
    return new WireFault(
        "silent",
        true,
        exchange -> {
          byte[] ignored = exchange.content();
          exchange.awaitClientGone();
          return false;
        });
  }

  /** Takes the request, does not carry it out, and resets the connection. */
  public static WireFault cut() {
    return ending(
        "cut",
        exchange -> {
          byte[] ignored = exchange.content();
          exchange.reset();
        });
  }

  /**
   * Resets the connection in the middle of the request, which is not carried out.
   *
   * @param bytes how many bytes of its content are read before; from 0 on
   */
  public static WireFault resetRequest(int bytes) {
    notNegative("bytes", bytes);
    return ending(
        "reset after " + bytes + " bytes of the request",
        exchange -> {
          exchange.readOnly(bytes);
          exchange.reset();
        });
  }

  /**
   * Carries the request out and resets the connection in the middle of the answer.
   *
   * @param bytes how many bytes of its content are sent before, after all of its head; from 0 on
   */
  public static WireFault resetAnswer(int bytes) {
    notNegative("bytes", bytes);
    return ending(
        "reset after " + bytes + " bytes of the answer",
        exchange -> {
          exchange.sendBegin(exchange.carryOut(), bytes);
          exchange.reset();
        });
  }

  /** Carries the request out and resets the connection without an answer. */
  public static WireFault lostAnswer() {
    return ending(
        "lost answer",
        exchange -> {
          HttpMessage ignored = exchange.carryOut();
          exchange.reset();
        });
  }

  /** Carries the request out and answers when the latch is open. */
  public static WireFault held(CountDownLatch open) {
    Objects.requireNonNull(open, "open");
    return new WireFault(
        "held",
        true,
        exchange -> {
          HttpMessage answer = exchange.carryOut();
          exchange.await(open);
          exchange.send(answer);
          return true;
        });
  }

  /**
   * Carries the request out, sends the head and half of the content of the answer, and the rest
   * when the latch is open.
   */
  public static WireFault slow(CountDownLatch open) {
    Objects.requireNonNull(open, "open");
    return new WireFault(
        "slow",
        true,
        exchange -> {
          HttpMessage answer = exchange.carryOut();
          int half = answer.body().length / 2;
          exchange.sendBegin(answer, half);
          exchange.await(open);
          exchange.sendRest(answer, half);
          return true;
        });
  }

  /** Does not carry the request out: the table's throughput is exceeded (400). */
  public static WireFault throttled() {
    return error(
        400,
        "ProvisionedThroughputExceededException",
        "The level of configured provisioned throughput for the table was exceeded.");
  }

  /** Does not carry the request out: the account sends too many (400). */
  public static WireFault throttling() {
    return error(400, "ThrottlingException", "Rate of requests exceeds the allowed throughput.");
  }

  /** Does not carry the request out: DynamoDB fails itself (500). */
  public static WireFault serverError() {
    return error(500, "InternalServerError", "Internal server error");
  }

  /** Does not carry the request out: DynamoDB cannot at present (503). */
  public static WireFault unavailable() {
    return error(503, "ServiceUnavailable", "Service unavailable");
  }

  /**
   * Does not carry the request out and answers with an error of DynamoDB's.
   *
   * @param status the status code
   * @param type its name, such as {@code AccessDeniedException}
   * @param message what it says, without quotation marks
   */
  public static WireFault error(int status, String type, String message) {
    HttpMessage answer =
        HttpMessage.answer(
            status,
            "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
                + type
                + "\",\"message\":\""
                + message
                + "\"}");
    return new WireFault(
        status + " " + type,
        exchange -> {
          byte[] ignored = exchange.content();
          exchange.send(answer);
          return true;
        });
  }

  /**
   * Carries out the first items of a BatchGetItem or BatchWriteItem and hands the rest back as
   * unprocessed, as DynamoDB does under load. Other operations pass.
   *
   * @param items how many are carried out; from 0 on
   */
  public static WireFault partialBatch(int items) {
    notNegative("items", items);
    return new WireFault(
        "partial batch of " + items,
        exchange -> {
          exchange.send(WireBatch.partial(exchange, items));
          return true;
        });
  }

  /**
   * Loses items: a PutItem or a BatchWriteItem is answered, but does not write those, and what a
   * read answers is without them. Everything else passes.
   *
   * @param keys which items, by their keys
   */
  public static WireFault lostItems(Predicate<String> keys) {
    return items("lost items", new WireItems(keys, WireItems.Change.LOSE));
  }

  /**
   * Cuts items short: of every binary attribute of theirs the second half is missing, as it is
   * written by PutItem and BatchWriteItem, and in what a read answers. Everything else passes.
   *
   * @param keys which items, by their keys
   */
  public static WireFault truncatedItems(Predicate<String> keys) {
    return items("truncated items", new WireItems(keys, WireItems.Change.TRUNCATE));
  }

  private static WireFault items(String name, WireItems items) {
    return new WireFault(
        name,
        exchange -> {
          exchange.send(items.carryOut(exchange));
          return true;
        });
  }

  /** What a fault does that ends its connection. */
  @FunctionalInterface
  private interface End {
    void apply(WireExchange exchange) throws IOException;
  }

  private static WireFault ending(String name, End end) {
    return new WireFault(
        name,
        exchange -> {
          end.apply(exchange);
          return false;
        });
  }

  private static void notNegative(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " must not be negative, but is " + value);
    }
  }

  /** What it does, in short. */
  @Override
  public String toString() {
    return name;
  }
}
