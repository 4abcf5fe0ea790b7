package dev.larder;

import dev.larder.Guard.Direction;
import dev.larder.Guard.Patience;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.WriteResult;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;

/** An entry being written, each step of it within a budget. Used by one thread at a time. */
final class GuardedWriter implements EntryWriter {
  private final GuardedResource<EntryWriter> writer;
  private final UnaryOperator<WriteResult> results;

  /**
   * A writer.
   *
   * @param results guards what a result leads to
   */
  GuardedWriter(
      EntryWriter writer, Guard guard, Patience patience, UnaryOperator<WriteResult> results) {
    this.writer = new GuardedResource<>(writer, guard, Direction.WRITE, patience);
    this.results = results;
  }

  @Override
  public void write(ByteBuffer bytes) {
    // A write that is left reads on, so not from what the caller may use for something else.
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    boolean unused =
        writer.use(
            target -> {
              target.write(copy);
              return true;
            });
  }

  @Override
  public WriteResult commit() {
    return results.apply(writer.use(EntryWriter::commit));
  }

  @Override
  public void close() {
    writer.close();
  }
}
