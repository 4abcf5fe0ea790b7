package dev.larder.dynamodb;

import dev.larder.http.Body;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/** A body that is fetched each time it is opened, so that a listing holds none of them. */
final class LazyBody implements Body {
  private final long length;
  private final Supplier<Body> fetch;

  LazyBody(long length, Supplier<Body> fetch) {
    this.length = length;
    this.fetch = fetch;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public InputStream open() {
    return fetch.get().open();
  }

  @Override
  public byte[] bytes() {
    return fetch.get().bytes();
  }

  /** Not in memory: asking must cost nothing. */
  @Override
  public Optional<ByteBuffer> buffer() {
    return Optional.empty();
  }
}
