package dev.larder.testkit.reference;

import dev.larder.http.EntryHead;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.WriteResult;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Collects a body and hands it to the storage. */
class MapWriter implements EntryWriter {
  final ReferenceStorage storage;
  final EntryHead head;
  final Precondition precondition;
  final ByteArrayOutputStream body = new ByteArrayOutputStream();
  boolean done;

  MapWriter(ReferenceStorage storage, EntryHead head, Precondition precondition) {
    this.storage = storage;
    this.head = head;
    this.precondition = precondition;
  }

  @Override
  public void write(ByteBuffer bytes) {
    checkOpen();
    if (body.size() + (long) bytes.remaining() > ReferenceStorage.MAX_BODY_BYTES) {
      done = true;
      throw new EntryTooLargeException("entry \"" + head.key() + "\" is larger than 1 MB");
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    body.writeBytes(copy);
  }

  @Override
  public WriteResult commit() {
    checkOpen();
    done = true;
    return storage.publish(head, body.toByteArray(), precondition);
  }

  @Override
  public void close() {
    done = true;
  }

  private void checkOpen() {
    if (done) {
      throw new IllegalStateException("the writer is committed or closed");
    }
  }
}
