package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * The parts of one body on their way to the table, a few at a time. Used by one thread at a time.
 */
final class PartsUpload {
  private final Parts parts;
  private final EntryHead head;
  private final String token;
  private final Deque<Future<?>> underWay = new ArrayDeque<>();
  private int count;

  PartsUpload(Parts parts, EntryHead head, String token) {
    this.parts = parts;
    this.head = head;
    this.token = token;
  }

  /**
   * Sends the next part, waiting while too many are under way. The bytes must not change until the
   * end of the upload.
   *
   * @param last whether no other comes after it
   * @throws dev.larder.http.LarderException if this or an earlier part cannot be written
   */
  void add(ByteBuffer body, boolean last) {
    send(index -> parts.put(head, token, index, body, last));
  }

  /** Sends a part that is encoded already. */
  void add(BodyCodec.Stored stored) {
    send(index -> parts.put(head, token, index, stored));
  }

  private void send(IntConsumer put) {
    if (underWay.size() == Workers.WINDOW) {
      Object unused = Workers.await(underWay.remove());
    }
    int index = count++;
    underWay.add(
        parts
            .workers()
            .submit(
                () -> {
                  put.accept(index);
                  return true;
                }));
  }

  /** Waits until all parts are written. */
  PartList finish() {
    while (!underWay.isEmpty()) {
      Object unused = Workers.await(underWay.remove());
    }
    return new PartList(count, token);
  }

  /** Gives up the parts written so far. Does not throw. */
  void abandon() {
    while (!underWay.isEmpty()) {
      try {
        Object unused = Workers.await(underWay.remove());
      } catch (RuntimeException e) {
        // It is being abandoned: whether a part was written makes no difference.
      }
    }
    parts.abandon(head, new PartList(count, token));
  }
}
