package dev.larder.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to serve a directory: an exclusive lock on a file in it, which the operating system
 * takes back when the process ends, in whatever way.
 *
 * <p><b>Two instances in one JVM.</b> File locks belong to the process. A second attempt from the
 * same JVM throws OverlappingFileLockException, and, worse, on POSIX closing <em>any</em> channel
 * of the lock file drops the lock of the first, and another process walks in while the first still
 * writes. So a directory locked by this JVM is noted before the file is touched. The note is a
 * system property because copies of this class in several class loaders have to see it.
 *
 * <p>The file is never deleted: a process holding the lock on a deleted file and one holding the
 * lock on its successor would both be right.
 */
final class DirectoryLock implements AutoCloseable {
  static final String FILE = "larder-dynamodb.lock";
  private static final String HELD = "dev.larder.embedded.held:";

  private final String note;
  private final FileChannel channel;

  private DirectoryLock(String note, FileChannel channel) {
    this.note = note;
    this.channel = channel;
  }

  /**
   * Takes the lock if it is free.
   *
   * @param directory its real path
   * @return the lock, or null if this or another process has it
   */
  static @Nullable DirectoryLock tryAcquire(Path directory) throws IOException {
    String note = HELD + directory;
    if (System.getProperties().putIfAbsent(note, "") != null) {
      return null;
    }
    DirectoryLock lock = null;
    try {
      lock = tryLockFile(directory.resolve(FILE), note);
      return lock;
    } finally {
      if (lock == null) {
        System.getProperties().remove(note);
      }
    }
  }

  private static @Nullable DirectoryLock tryLockFile(Path file, String note) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Somebody in this JVM locked the file without this class: as good as another process.
      return null;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? null : new DirectoryLock(note, channel);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      System.getProperties().remove(note);
    }
  }
}
