package dev.larder;

import dev.larder.Guard.Direction;
import dev.larder.Guard.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * A body as it comes from a storage, piece by piece: each is waited for no longer than a budget.
 * What is there already costs no change of threads. Not thread-safe.
 */
final class GuardedStream extends InputStream {
  private final GuardedResource<InputStream> stream;

  GuardedStream(InputStream in, Guard guard, Patience patience) {
    this.stream = new GuardedResource<>(in, guard, Direction.READ, patience);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    int there = available();
    if (there > 0 || length == 0) {
      return stream.unguarded().read(target, offset, Math.min(length, there));
    }
    // A read that is left writes on, so not into what the caller may use for something else.
    byte[] piece = new byte[length];
    int count;
    try {
      count = stream.use(in -> read(in, piece));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException e) {
      throw new IOException("the body could not be read to its end: " + e.getMessage(), e);
    }
    if (count > 0) {
      System.arraycopy(piece, 0, target, offset, count);
    }
    return count;
  }

  private static int read(InputStream in, byte[] piece) {
    try {
      return in.read(piece);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int available() throws IOException {
    return stream.hasFailed() ? 0 : stream.unguarded().available();
  }

  @Override
  public void close() {
    stream.close();
  }
}
