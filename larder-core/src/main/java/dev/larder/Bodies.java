package dev.larder;

import dev.larder.http.Body;
import dev.larder.policy.ByteRange;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Bodies made of others, without copying their bytes. */
final class Bodies {
  private Bodies() {}

  /**
   * The same body with its first stream open, so that it is known to be there; one in memory is
   * left as it is.
   */
  static Body opened(Body body) {
    return body.length() == 0 || body.buffer().isPresent()
        ? body
        : new Opened(body, new AtomicReference<>(body.open()));
  }

  /** Some of the bytes. */
  static Body slice(Body body, ByteRange range) {
    Optional<ByteBuffer> bytes = body.buffer();
    if (bytes.isPresent()) {
      ByteBuffer all = bytes.get();
      int start = all.position() + Math.toIntExact(range.first());
      return Body.of(all.duplicate().position(start).limit(start + (int) range.length()));
    }
    return new Slice(body, range);
  }

  /** All the bytes of these, one after the other. */
  static Body concat(List<Body> pieces) {
    return new Concatenation(List.copyOf(pieces));
  }

  /**
   * The same, of which the lengths are known, in one piece of memory, which is what storages take
   * best.
   *
   * @throws dev.larder.http.LarderException if one of them is gone
   */
  static Body joined(List<Body> pieces) {
    long length = pieces.stream().mapToLong(Body::length).sum();
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(length));
    pieces.forEach(
        piece -> all.put(piece.buffer().orElseGet(() -> ByteBuffer.wrap(piece.bytes()))));
    return Body.of(all.array());
  }

  private record Opened(Body body, AtomicReference<@Nullable InputStream> first) implements Body {
    @Override
    public long length() {
      return body.length();
    }

    @Override
    public InputStream open() {
      InputStream opened = first.getAndSet(null);
      return opened == null ? body.open() : opened;
    }
  }

  private record Slice(Body body, ByteRange range) implements Body {
    @Override
    public long length() {
      return range.length();
    }

    @Override
    public InputStream open() {
      InputStream in = body.open();
      try {
        in.skipNBytes(range.first());
        return new Limited(in, range.length());
      } catch (IOException e) {
        close(in);
        throw new UncheckedIOException("the body could not be read", e);
      }
    }

    private static void close(InputStream in) {
      try {
        in.close();
      } catch (IOException e) {
        // That it cannot be read is what is reported.
      }
    }
  }

  private record Concatenation(List<Body> pieces) implements Body {
    @Override
    public long length() {
      long length = 0;
      for (Body piece : pieces) {
        if (piece.length() < 0) {
          return -1;
        }
        length += piece.length();
      }
      return length;
    }

    @Override
    public InputStream open() {
      return new SequenceInputStream(
          Collections.enumeration(pieces.stream().map(Body::open).toList()));
    }
  }

  /** The first bytes of a stream; an end before that is an error. */
  private static final class Limited extends FilterInputStream {
    private long left;

    Limited(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      int next = in.read();
      if (next < 0) {
        throw endedEarly();
      }
      left--;
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int count = in.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw endedEarly();
      }
      left -= count;
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(in.available(), left);
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private static EOFException endedEarly() {
      return new EOFException("the stored body ends before the range that was asked for");
    }
  }
}
