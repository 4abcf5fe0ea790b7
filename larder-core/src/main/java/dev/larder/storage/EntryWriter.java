package dev.larder.storage;

import java.nio.ByteBuffer;

/**
 * An entry being written. Nothing of it is visible to anyone until {@link #commit()}; closing it
 * without committing leaves the storage as it was. Used by one thread at a time.
 */
public interface EntryWriter extends AutoCloseable {
  /**
   * Appends the remaining bytes of the buffer to the body. The buffer belongs to the caller again
   * when this returns.
   *
   * @throws EntryTooLargeException if the entry can no longer fit; the writer is then closed
   * @throws StorageException if the storage fails; the writer is then closed
   * @throws IllegalStateException if committed or closed
   */
  void write(ByteBuffer bytes);

  /**
   * Publishes the entry if its precondition holds, in one step: readers see what was there before
   * or all of this.
   *
   * @throws EntryTooLargeException if the entry does not fit
   * @throws StorageException if the storage fails; whether the entry was published is then not
   *     known
   * @throws IllegalStateException if committed or closed
   */
  WriteResult commit();

  /** Abandons the entry unless it is committed. Does not throw and may be repeated. */
  @Override
  void close();
}
