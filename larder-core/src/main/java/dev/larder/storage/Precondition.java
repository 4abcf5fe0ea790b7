package dev.larder.storage;

import java.time.Instant;

/**
 * What must hold for a write to take place, checked by the storage in one step with the write.
 * Items whose time to live is over count as absent, swept or not. Immutable.
 */
public sealed interface Precondition {
  /** Nothing: the write overwrites. */
  static Precondition none() {
    return None.INSTANCE;
  }

  /** No entry, alias or directory is under the key (a tombstone may be). */
  static Precondition absent() {
    return Absent.INSTANCE;
  }

  /** An entry is under the key, decodable or not. */
  static Precondition entryPresent() {
    return EntryPresent.INSTANCE;
  }

  /** An item of this version is under the key. */
  static Precondition version(String version) {
    return new Version(version);
  }

  /**
   * Nothing under the key was requested or invalidated at or after this time. An item that does not
   * say when it was requested (another program's) does not hinder.
   */
  static Precondition newerThanStored(Instant requested) {
    return new NewerThanStored(requested);
  }

  /** Nothing. */
  enum None implements Precondition {
    /** The only one. */
    INSTANCE
  }

  /** No entry, alias or directory is under the key. */
  enum Absent implements Precondition {
    /** The only one. */
    INSTANCE
  }

  /** An entry is under the key. */
  enum EntryPresent implements Precondition {
    /** The only one. */
    INSTANCE
  }

  /** An item of this version is under the key. */
  record Version(String version) implements Precondition {}

  /** Nothing under the key was requested or invalidated at or after this time. */
  record NewerThanStored(Instant requested) implements Precondition {}
}
