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
    if (length == 0) {
      return 0;
    }
    int there = available();
    if (there > 0) {
      return stream.unguarded().read(target, offset, Math.min(length, there));
    }
    // A read that is left writes on, so not into what the caller may use for something else.
    byte[] piece = new byte[length];
    int count = use(in -> in.read(piece));
    if (count > 0) {
      System.arraycopy(piece, 0, target, offset, count);
    }
    return count;
  }

  /** Left to what is guarded, which may know how to get there without what lies between. */
  @Override
  public long skip(long count) throws IOException {
    return count <= available() ? stream.unguarded().skip(count) : use(in -> in.skip(count));
  }

  private interface Use<T> {
    T of(InputStream in) throws IOException;
  }

  private <T> T use(Use<T> work) throws IOException {
    try {
      return stream.use(
          in -> {
            try {
              return work.of(in);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException e) {
      throw new IOException("the body could not be read to its end: " + e.getMessage(), e);
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
