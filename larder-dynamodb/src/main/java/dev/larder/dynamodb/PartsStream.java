package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A long body part by part. Each part is verified before its first byte goes out; the end is
 * reached only with all bytes there. Not thread-safe.
 */
final class PartsStream extends InputStream {
  private final PartReader reader;
  private final EntryHead head;
  private byte[] part;
  private int position;
  private long before;
  private boolean closed;

  private PartsStream(PartReader reader, EntryHead head, byte[] first) {
    this.reader = reader;
    this.head = head;
    this.part = first;
  }

  /**
   * A stream whose first part has been read.
   *
   * @throws LarderException if it is lost
   */
  static PartsStream open(PartReader reader, EntryHead head) {
    try {
      return new PartsStream(reader, head, reader.next());
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
    int count = Math.min(length, part.length - position);
    System.arraycopy(part, position, target, offset, count);
    position += count;
    return count;
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
      throw new IOException("the body is closed");
    }
    while (position == part.length) {
      if (!reader.hasNext()) {
        checkLength(before + part.length);
        return true;
      }
      byte[] next = next();
      before += part.length;
      part = next;
      position = 0;
      if (before + part.length > head.length()) {
        checkLength(before + part.length);
      }
    }
    return false;
  }

  private byte[] next() throws IOException {
    try {
      return reader.next();
    } catch (LarderException e) {
      close();
      throw new IOException(
          "the body of entry \""
              + head.key()
              + "\" could not be read beyond byte "
              + (before + part.length)
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
