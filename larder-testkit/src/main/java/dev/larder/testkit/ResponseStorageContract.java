package dev.larder.testkit;

import dev.larder.storage.ResponseStorage;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link ResponseStorage} must do, as tests: one for each promise that the package
 * {@code dev.larder.storage} makes. Whoever writes a storage extends this class in a test class of
 * theirs:
 *
 * <pre>{@code
 * class FileStorageTest extends ResponseStorageContract {
 *   @Override
 *   protected ResponseStorage newStorage(Clock clock) {
 *     return new FileStorage(clock);
 *   }
 * }
 * }</pre>
 *
 * <p>The suite brings its own time: the storage must take the time from the clock it is given and
 * from nowhere else, at least where it decides what is past its time to live. No test sleeps, and
 * none depends on another.
 *
 * <p>Requires JUnit 6 and AssertJ. JUnit makes an instance of the class for each test; the class
 * itself keeps no state.
 */
public abstract class ResponseStorageContract {
  /** For subclasses. */
  protected ResponseStorageContract() {}

  /**
   * A storage that holds nothing, ready for use. Called once before each test; the test closes the
   * storage when it ends.
   *
   * @param clock where the storage must take the time from; it stands still unless a test moves it
   */
  protected abstract ResponseStorage newStorage(Clock clock);

  /**
   * How many bytes a key may have in UTF-8. Default: empty, for storages without a limit. The suite
   * uses keys of up to 1,000 bytes, or of up to this many if that is less, and expects one byte
   * more than this to be refused.
   */
  protected OptionalInt maxKeyBytes() {
    return OptionalInt.empty();
  }

  /**
   * A body length in bytes that is certainly too large for an entry, even if the body is well
   * compressible. Default: empty, for storages without such a limit or with one too large for a
   * test. The suite expects {@link dev.larder.storage.EntryTooLargeException} for it; it expects
   * bodies of 200 KB to be taken in any case.
   */
  protected OptionalLong tooLargeBodyBytes() {
    return OptionalLong.empty();
  }

  /**
   * Puts something under the key that the storage finds there but cannot decode, past the storage's
   * own methods. Default: does nothing and returns {@code false}, for storages where this cannot
   * happen.
   *
   * @return whether such an item is there now; if not, tests of undecodable items are skipped
   */
  protected boolean storeUndecodable(ResponseStorage storage, String key) {
    return false;
  }

  @Nested
  @DisplayName("bodies and heads come back as they were written")
  class RoundTrips extends RoundTripContract {
    RoundTrips() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("nothing is visible before commit, everything after")
  class Writers extends WriterContract {
    Writers() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("writeAll writes many entries and leaves out what cannot be written")
  class BulkWrites extends BulkWriteContract {
    BulkWrites() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("any key is told from any other, and aliases, directories and tombstones are kept")
  class Keys extends KeyContract {
    Keys() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("preconditions are checked in one step with the write")
  class Preconditions extends PreconditionContract {
    Preconditions() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("update replaces a head of the same version and creates nothing")
  class Updates extends UpdateContract {
    Updates() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("removing, counting, clearing, closing")
  class Removals extends RemovalContract {
    Removals() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("items past their time to live are absent")
  class TimesToLive extends TimeToLiveContract {
    TimesToLive() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("a scan delivers each entry once")
  class Scans extends ScanContract {
    Scans() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("a filter means what EntryFilter.matches says")
  class Filters extends FilterContract {
    Filters() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("a lease has one holder")
  class LeasesIfThereAreAny extends LeaseContract {
    LeasesIfThereAreAny() {
      super(ResponseStorageContract.this);
    }
  }

  @Nested
  @DisplayName("writes and reads at the same time")
  class Concurrency extends ConcurrencyContract {
    Concurrency() {
      super(ResponseStorageContract.this);
    }
  }
}
