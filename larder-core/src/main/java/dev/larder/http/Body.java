package dev.larder.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * The bytes of a message, read when asked for and as often as asked for. Implementations are
 * immutable and thread-safe; each {@link #open()} begins at the first byte and is independent of
 * the others.
 *
 * <p>A body that lives in a storage may be gone by the time it is opened. Then {@code open()}
 * throws a {@link LarderException}, or the stream fails part-way with an {@link IOException}; it
 * never ends early as if it were complete.
 */
public interface Body {
  /** How many bytes there are, or -1 if that is not known before reading. */
  long length();

  /**
   * A new stream from the first byte; the caller closes it.
   *
   * @throws LarderException if the body is gone or cannot be decoded
   */
  InputStream open();

  /**
   * The bytes as a read-only buffer without copying, if they are in memory already. Each call
   * returns a buffer with a position of its own.
   */
  default Optional<ByteBuffer> buffer() {
    return Optional.empty();
  }

  /**
   * All bytes in a new array.
   *
   * @throws LarderException if the body is gone or cannot be decoded
   * @throws UncheckedIOException if reading fails part-way
   * @throws OutOfMemoryError if the body does not fit
   */
  default byte[] bytes() {
    Optional<ByteBuffer> inMemory = buffer();
    if (inMemory.isPresent()) {
      byte[] bytes = new byte[inMemory.get().remaining()];
      inMemory.get().get(bytes);
      return bytes;
    }
    try (InputStream in = open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the body could not be read to its end", e);
    }
  }

  /** All bytes decoded; undecodable ones become U+FFFD. */
  default String text(Charset charset) {
    return buffer()
        .map(bytes -> charset.decode(bytes).toString())
        .orElseGet(() -> new String(bytes(), charset));
  }

  /** No bytes. */
  static Body empty() {
    return MemoryBody.EMPTY;
  }

  /** These bytes. The array is not copied: do not change it afterwards. */
  static Body of(byte[] bytes) {
    return bytes.length == 0 ? empty() : new MemoryBody(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }

  /** The remaining bytes of this buffer. They are not copied: do not change them afterwards. */
  static Body of(ByteBuffer bytes) {
    return bytes.hasRemaining() ? new MemoryBody(bytes.slice().asReadOnlyBuffer()) : empty();
  }

  /** This text in UTF-8. */
  static Body of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }
}

/** Bytes in memory. */
final class MemoryBody implements Body {
  static final MemoryBody EMPTY = new MemoryBody(ByteBuffer.allocate(0).asReadOnlyBuffer());

  private final ByteBuffer bytes;

  MemoryBody(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  @Override
  public long length() {
    return bytes.remaining();
  }

  @Override
  public InputStream open() {
    return bytes.remaining() == 0
        ? new ByteArrayInputStream(new byte[0])
        : new ByteBufferInputStream(bytes.duplicate());
  }

  @Override
  public Optional<ByteBuffer> buffer() {
    return Optional.of(bytes.duplicate());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MemoryBody body && bytes.equals(body.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return "Body[" + bytes.remaining() + " bytes]";
  }

  private static final class ByteBufferInputStream extends InputStream {
    private final ByteBuffer remaining;

    ByteBufferInputStream(ByteBuffer remaining) {
      this.remaining = remaining;
    }

    @Override
    public int read() {
      return remaining.hasRemaining() ? remaining.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      if (!remaining.hasRemaining()) {
        return -1;
      }
      int count = Math.min(length, remaining.remaining());
      remaining.get(target, offset, count);
      return count;
    }

    @Override
    public long skip(long count) {
      int skipped = (int) Math.max(0, Math.min(count, remaining.remaining()));
      remaining.position(remaining.position() + skipped);
      return skipped;
    }

    @Override
    public int available() {
      return remaining.remaining();
    }
  }
}
