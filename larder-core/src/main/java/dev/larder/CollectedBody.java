package dev.larder;

import dev.larder.http.Body;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A short body that is read as a whole when it is first opened, and kept in memory then. */
final class CollectedBody implements Body {
  private final Body source;
  private final Consumer<Body> collected;
  private final AtomicReference<@Nullable Body> bytes = new AtomicReference<>();

  /**
   * A body that has not been read yet.
   *
   * @param collected is told of the bytes once they are there
   */
  CollectedBody(Body source, Consumer<Body> collected) {
    this.source = source;
    this.collected = collected;
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public InputStream open() {
    return inMemory().open();
  }

  @Override
  public byte[] bytes() {
    return inMemory().bytes();
  }

  @Override
  public Optional<ByteBuffer> buffer() {
    return Optional.ofNullable(bytes.get()).flatMap(Body::buffer);
  }

  /** Two at once both read it: waiting for each other could last longer than either may wait. */
  private Body inMemory() {
    Body known = bytes.get();
    if (known != null) {
      return known;
    }
    Body read = Body.of(source.bytes());
    if (bytes.compareAndSet(null, read)) {
      collected.accept(read);
    }
    return read;
  }
}
