package dev.larder;

import dev.larder.Guard.Direction;
import dev.larder.Guard.Manner;
import dev.larder.Guard.Patience;
import dev.larder.http.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A body that is read from a storage when it is opened. */
final class GuardedBody implements Body {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedBody.class);

  private final Body body;
  private final Guard guard;
  private final Patience patience;

  private GuardedBody(Body body, Guard guard, Patience patience) {
    this.body = body;
    this.guard = guard;
    this.patience = patience;
  }

  /** The same body, guarded if it is not in memory. */
  static Body of(Body body, Guard guard, Patience patience) {
    return body.buffer().isPresent() ? body : new GuardedBody(body, guard, patience);
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public InputStream open() {
    InputStream in =
        guard.call(Direction.READ, patience, Manner.FAILS, body::open, GuardedBody::close);
    return in instanceof ByteArrayInputStream ? in : new GuardedStream(in, guard, patience);
  }

  @Override
  public byte[] bytes() {
    return guard.call(Direction.READ, patience, Manner.FAILS, body::bytes, late -> {});
  }

  /** Not in memory: asking must cost nothing. */
  @Override
  public Optional<ByteBuffer> buffer() {
    return Optional.empty();
  }

  private static void close(InputStream late) {
    try {
      late.close();
    } catch (IOException e) {
      // It came too late for anybody.
      LOG.debug("a body could not be closed", e);
    }
  }
}
