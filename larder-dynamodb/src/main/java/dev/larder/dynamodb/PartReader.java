package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The parts of a body one after the other, with a few of the next ones being read already. Used by
 * one thread at a time.
 */
final class PartReader implements AutoCloseable {
  private final Parts parts;
  private final EntryHead head;
  private final PartList list;
  private final Map<String, Map<String, AttributeValue>> fetched;
  private final Deque<Future<byte[]>> ahead = new ArrayDeque<>();
  private int requested;

  PartReader(
      Parts parts,
      EntryHead head,
      PartList list,
      Map<String, Map<String, AttributeValue>> fetched) {
    this.parts = parts;
    this.head = head;
    this.list = list;
    this.fetched = fetched;
  }

  boolean hasNext() {
    return requested < list.count() || !ahead.isEmpty();
  }

  /**
   * The bytes of the next part, with those behind it being read meanwhile.
   *
   * @throws dev.larder.http.LarderException if it is lost or cannot be decoded
   */
  byte[] next() {
    readAhead();
    return nextAlone();
  }

  /**
   * The bytes of the next part; no other is read for now.
   *
   * @throws dev.larder.http.LarderException if it is lost or cannot be decoded
   */
  byte[] nextAlone() {
    return ahead.isEmpty()
        ? parts.fetch(head, list, requested++, fetched)
        : Workers.await(ahead.remove());
  }

  /** Begins to read what comes next, unless there is nothing to wait for. */
  void readAhead() {
    if (list.count() == 1 || !fetched.isEmpty()) {
      return;
    }
    while (requested < list.count() && ahead.size() < Workers.WINDOW) {
      int index = requested++;
      ahead.add(parts.workers().submit(() -> parts.fetch(head, list, index, fetched)));
    }
  }

  /** Lets this part be the next; no earlier one than would be. */
  void skipTo(int index) {
    while (!ahead.isEmpty() && requested - ahead.size() < index) {
      ahead.remove().cancel(true);
    }
    if (ahead.isEmpty()) {
      requested = index;
    }
  }

  @Override
  public void close() {
    ahead.forEach(future -> future.cancel(true));
    ahead.clear();
  }
}
