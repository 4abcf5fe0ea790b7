package dev.larder.testkit.reference;

import dev.larder.storage.ResponseStorage;
import dev.larder.testkit.ResponseStorageContract;
import java.time.Clock;

/**
 * The suite over the wrong storage that the running thread has chosen. Run by {@link
 * ContractCatchesWrongStoragesTest} and, by its name, not by the build.
 */
class SuiteOverAWrongStorage extends ResponseStorageContract {
  static final ThreadLocal<WrongStorages> UNDER_TEST = new ThreadLocal<>();

  @Override
  protected ResponseStorage newStorage(Clock clock) {
    return UNDER_TEST.get().open(clock);
  }
}
