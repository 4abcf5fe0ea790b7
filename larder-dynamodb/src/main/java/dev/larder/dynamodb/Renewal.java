package dev.larder.dynamodb;

import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.storage.Precondition;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Replaces the heads of entries of ours, in whichever layout they are. Each change is conditional
 * on the version, on no later request having renewed it, on the layout it is for, and on the entry
 * not outliving its parts; the answer to a failed one tells which of them it was, so that the usual
 * case is one request. Thread-safe.
 */
final class Renewal {
  private final TableGateway gateway;
  private final List<EntryFormat> formats;
  private final NativeFormat nativeFormat;
  private final ItemMaker maker;
  private final Parts parts;
  private final Clock clock;

  /**
   * A renewal.
   *
   * @param formats the layouts to expect, the likeliest first
   */
  Renewal(
      TableGateway gateway,
      List<EntryFormat> formats,
      NativeFormat nativeFormat,
      ItemMaker maker,
      Parts parts,
      Clock clock) {
    this.gateway = gateway;
    this.formats = List.copyOf(formats);
    this.nativeFormat = nativeFormat;
    this.maker = maker;
    this.parts = parts;
    this.clock = clock;
  }

  /**
   * Replaces a head. Returns whether the entry was there in the head's version, and not renewed by
   * a later request.
   *
   * @param current reads the entry in this version, for layouts that keep head and body in one
   */
  boolean update(EntryHead head, String itemKey, Supplier<Optional<CachedResponse>> current) {
    for (EntryFormat layout : formats) {
      TableGateway.Outcome outcome = update(head, itemKey, layout, current);
      boolean sameVersion =
          Attributes.text(outcome.holder(), Attributes.VERSION).equals(Optional.of(head.version()));
      if (outcome.done() || !sameVersion || isNewer(outcome.holder(), head)) {
        return outcome.done();
      }
      Optional<Instant> partsEnd = Attributes.seconds(outcome.holder(), Attributes.PARTS_TTL);
      if (partsEnd.isPresent()) {
        return updateUntil(partsEnd.get(), head, itemKey);
      }
    }
    return false;
  }

  private TableGateway.Outcome update(
      EntryHead head,
      String itemKey,
      EntryFormat layout,
      Supplier<Optional<CachedResponse>> current) {
    Expression expression = new Expression();
    String condition =
        isSame(head, expression)
            + " AND "
            + layout.isThis(expression)
            + " AND "
            + parts.outlive(head, expression);
    Optional<String> update = layout.update(head, expression);
    return update.isPresent()
        ? gateway.update(itemKey, update.get(), condition, expression)
        : rewrite(head, current.get(), condition, expression);
  }

  /** Gives an entry as much time as its parts have. */
  private boolean updateUntil(Instant partsEnd, EntryHead head, String itemKey) {
    Expression expression = new Expression();
    String condition = isSame(head, expression);
    String update = nativeFormat.updateUntil(partsEnd, head, expression);
    return gateway.update(itemKey, update, condition, expression).done();
  }

  private String isSame(EntryHead head, Expression expression) {
    return Conditions.of(Precondition.version(head.version()), expression, clock.instant())
        + " AND "
        + expression.equal(Attributes.KIND, Attributes.KIND_ENTRY)
        + " AND "
        + Conditions.requestedBy(head.requested(), expression);
  }

  private static boolean isNewer(Map<String, AttributeValue> holder, EntryHead head) {
    return Attributes.instant(holder, Attributes.REQUESTED)
        .filter(requested -> requested.isAfter(head.requested()))
        .isPresent();
  }

  /** Writes the whole entry with a changed head, under the same version. */
  private TableGateway.Outcome rewrite(
      EntryHead head, Optional<CachedResponse> current, String condition, Expression expression) {
    if (current.isEmpty()) {
      return new TableGateway.Outcome(false, Map.of(), false);
    }
    EntryHead old = current.get().head();
    EntryHead changed =
        head.toBuilder().request(old.request()).url(old.url()).digest(old.digest()).build();
    Map<String, AttributeValue> item =
        maker.rewritten(changed, ByteBuffer.wrap(current.get().body().bytes()));
    return gateway.put(item, condition, expression);
  }
}
