package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A long body part by part. Each part is verified before its first byte goes out; the end is
 * reached only with all bytes there, or skipped. What is skipped is not read: all parts but the
 * last are as long as the first. Nor is more than the next part before half of one has been used,
 * so that few bytes cost little. Not thread-safe.
 */
final class PartsStream extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(DynamoDbCache.class);

  private final PartReader reader;
  private final EntryHead head;
  private final int count;
  private final int partLength;
  private byte[] part;
  private int position;
  private int begun;
  private long before;
  private boolean closed;

  private PartsStream(PartReader reader, EntryHead head, int count, byte[] first) {
    this.reader = reader;
    this.head = head;
    this.count = count;
    this.partLength = first.length;
    this.part = first;
  }

  /**
   * A stream whose first part has been read.
   *
   * @param count how many parts there are
   * @throws LarderException if it is lost
   */
  static PartsStream open(PartReader reader, EntryHead head, int count) {
    try {
      return new PartsStream(reader, head, count, reader.nextAlone());
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    return isAtEnd() ? -1 : part[position++] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    int copied = Math.min(length, part.length - position);
    System.arraycopy(part, position, target, offset, copied);
    position += copied;
    if (position - begun > part.length / 2) {
      readAhead();
    }
    return copied;
  }

  private void readAhead() {
    try {
      reader.readAhead();
    } catch (LarderException e) {
      // Whoever needs the next part is told then.
      LOG.debug("a body is not read ahead", e);
    }
  }

  @Override
  public long skip(long bytes) throws IOException {
    if (closed) {
      throw closedAlready();
    }
    long here = before + position;
    long target = bytes < head.length() - here ? here + Math.max(0, bytes) : head.length();
    long inPart = Math.min(target, before + part.length);
    if (target > inPart && isRegular()) {
      goTo(target);
      return target - here;
    }
    // The rest is for whoever reads on.
    position = (int) (inPart - before);
    return inPart - here;
  }

  /** Whether it can be told which part has which bytes. */
  private boolean isRegular() {
    return partLength > 0
        && before % partLength == 0
        && (count - 1L) * partLength < head.length()
        && head.length() <= (long) count * partLength;
  }

  private void goTo(long target) throws IOException {
    int index = (int) Math.min(target / partLength, count - 1L);
    long start = (long) index * partLength;
    reader.skipTo(index);
    byte[] next = partAt(start, true);
    long expected = Math.min(partLength, head.length() - start);
    if (next.length != expected) {
      checkLength(head.length() - expected + next.length);
    }
    part = next;
    before = start;
    position = (int) (target - start);
    begun = position;
  }

  @Override
  public int available() {
    return closed ? 0 : part.length - position;
  }

  @Override
  public void close() {
    closed = true;
    reader.close();
  }

  /** Goes on to the next part where one is used up. */
  private boolean isAtEnd() throws IOException {
    if (closed) {
      throw closedAlready();
    }
    while (position == part.length) {
      if (!reader.hasNext()) {
        checkLength(before + part.length);
        return true;
      }
      byte[] next = partAt(before + part.length, false);
      before += part.length;
      part = next;
      position = 0;
      begun = 0;
      if (before + part.length > head.length()) {
        checkLength(before + part.length);
      }
    }
    return false;
  }

  private static IOException closedAlready() {
    return new IOException("the body is closed");
  }

  private byte[] partAt(long start, boolean alone) throws IOException {
    try {
      return alone ? reader.nextAlone() : reader.next();
    } catch (LarderException e) {
      close();
      throw new IOException(
          "the body of entry \""
              + head.key()
              + "\" could not be read beyond byte "
              + start
              + " of "
              + head.length()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private void checkLength(long length) throws IOException {
    if (length != head.length()) {
      throw new IOException(
          "the parts of the body of entry \""
              + head.key()
              + "\" have "
              + length
              + " bytes but should have "
              + head.length());
    }
  }
}
