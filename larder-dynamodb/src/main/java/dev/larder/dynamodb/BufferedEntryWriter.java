package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.WriteResult;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects a body that becomes part of one item. */
final class BufferedEntryWriter implements EntryWriter {
  private final EntryHead head;
  private final long maxBytes;
  private final Function<ByteBuffer, WriteResult> publish;
  private @Nullable ByteArrayOutputStream body = new ByteArrayOutputStream();

  BufferedEntryWriter(EntryHead head, long maxBytes, Function<ByteBuffer, WriteResult> publish) {
    this.head = head;
    this.maxBytes = maxBytes;
    this.publish = publish;
  }

  @Override
  public void write(ByteBuffer bytes) {
    ByteArrayOutputStream target = writable();
    if ((long) target.size() + bytes.remaining() > maxBytes) {
      close();
      throw new EntryTooLargeException(
          "the body of entry \""
              + head.key()
              + "\" has more than "
              + maxBytes
              + " bytes. Nothing was stored");
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    target.writeBytes(copy);
  }

  @Override
  public WriteResult commit() {
    byte[] complete = writable().toByteArray();
    close();
    return publish.apply(ByteBuffer.wrap(complete));
  }

  @Override
  public void close() {
    body = null;
  }

  private ByteArrayOutputStream writable() {
    if (body == null) {
      throw new IllegalStateException("the entry is already committed or closed");
    }
    return body;
  }
}
