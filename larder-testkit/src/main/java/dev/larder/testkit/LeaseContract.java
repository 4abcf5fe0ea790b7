package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.http.EntryFilter;
import dev.larder.storage.Leases;
import dev.larder.storage.Leases.Attempt;
import dev.larder.storage.Leases.Lease;
import dev.larder.storage.Precondition;
import dev.larder.storage.ScanRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lease has one holder. Skipped for storages without leases. */
abstract class LeaseContract extends StorageContractGroup {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private Leases leases;

  LeaseContract(ResponseStorageContract contract) {
    super(contract);
  }

  @BeforeEach
  void needLeases() {
    Optional<Leases> found = storage.leases();
    assumeTrue(found.isPresent(), "no leases");
    leases = found.orElseThrow();
  }

  private Attempt acquire(String key) {
    return leases.acquire(key, TEN_SECONDS, Optional.empty());
  }

  @Test
  void acquire_free_isTheCallers() {
    Attempt attempt = acquire("k");
    assertThat(attempt.acquired()).isTrue();
    assertThat(attempt.lease().key()).isEqualTo("k");
    assertThat(attempt.lease().token()).isNotEmpty();
    assertThat(attempt.lease().duration()).isEqualTo(TEN_SECONDS);
  }

  @Test
  void acquire_held_tellsTheHolder() {
    Lease holder = acquire("k").lease();
    Attempt second = leases.acquire("k", Duration.ofMillis(1500), Optional.empty());
    assertThat(second.acquired()).isFalse();
    assertThat(second.lease()).isEqualTo(holder);
    assertThat(acquire("other").acquired()).isTrue();
  }

  @Test
  void acquire_withTheHoldersToken_takesOver() {
    Lease first = acquire("k").lease();
    Attempt second = leases.acquire("k", Duration.ofMillis(1500), Optional.of(first.token()));
    assertThat(second.acquired()).isTrue();
    assertThat(second.lease().token()).isNotEqualTo(first.token());
    assertThat(second.lease().duration()).isEqualTo(Duration.ofMillis(1500));
    Attempt late = leases.acquire("k", TEN_SECONDS, Optional.of(first.token()));
    assertThat(late.acquired()).isFalse();
    assertThat(late.lease()).isEqualTo(second.lease());
  }

  @Test
  void acquire_withATokenButFree_isTheCallers() {
    Lease first = acquire("k").lease();
    leases.release(first);
    assertThat(leases.acquire("k", TEN_SECONDS, Optional.of(first.token())).acquired()).isTrue();
  }

  @Test
  void release_byTheHolder_frees() {
    Lease lease = acquire("k").lease();
    assertThat(leases.release(lease)).isTrue();
    assertThat(leases.release(lease)).isFalse();
    assertThat(acquire("k").acquired()).isTrue();
  }

  @Test
  void release_afterATakeover_leavesTheNewHolder() {
    Lease first = acquire("k").lease();
    Lease second = leases.acquire("k", TEN_SECONDS, Optional.of(first.token())).lease();
    assertThat(leases.release(first)).isFalse();
    Attempt third = acquire("k");
    assertThat(third.acquired()).isFalse();
    assertThat(third.lease()).isEqualTo(second);
  }

  @Test
  void find_tellsTheHolder_asLongAsThereIsOne() {
    assertThat(leases.find("k")).isEmpty();
    Lease first = acquire("k").lease();
    assertThat(leases.find("k")).contains(first);
    assertThat(leases.find("other")).isEmpty();
    Lease second = leases.acquire("k", TEN_SECONDS, Optional.of(first.token())).lease();
    assertThat(leases.find("k")).contains(second);
    leases.release(second);
    assertThat(leases.find("k")).isEmpty();
  }

  @Test
  void dismiss_byTheHolder_leavesWordAndFrees() {
    Lease lease = acquire("k").lease();
    assertThat(lease.dismissed()).isFalse();
    assertThat(leases.dismiss(lease)).isTrue();
    assertThat(leases.find("k")).contains(new Lease("k", lease.token(), lease.duration(), true));
    Attempt next = acquire("k");
    assertThat(next.acquired()).isTrue();
    assertThat(leases.find("k")).contains(next.lease());
  }

  @Test
  void dismiss_afterATakeoverOrRelease_changesNothing() {
    Lease first = acquire("k").lease();
    Lease second = leases.acquire("k", TEN_SECONDS, Optional.of(first.token())).lease();
    assertThat(leases.dismiss(first)).isFalse();
    assertThat(leases.find("k")).contains(second);
    leases.release(second);
    assertThat(leases.dismiss(second)).isFalse();
    assertThat(leases.find("k")).isEmpty();
  }

  @Test
  void release_afterItWasDismissed_isNoMoreTheCallers() {
    Lease lease = acquire("k").lease();
    leases.dismiss(lease);
    assertThat(leases.release(lease)).isFalse();
    assertThat(leases.dismiss(lease)).isFalse();
    assertThat(leases.find("k").map(Lease::dismissed)).contains(true);
  }

  @Test
  void leases_andEntriesOfTheSameKey_doNotMeet() {
    acquire("k");
    assertThat(read("k")).isEmpty();
    assertThat(storage.count()).isZero();
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.all())))).isEmpty();
    publish("k", "body");
    assertThat(bodyText("k")).isEqualTo("body");
    assertThat(acquire("k").acquired()).isFalse();
    storage.remove("k", Precondition.none());
    assertThat(acquire("k").acquired()).isFalse();
  }

  @Test
  void acquire_byManyAtOnce_isOneCallers() {
    for (int round = 0; round < 10; round++) {
      String key = "key-" + round;
      List<Attempt> attempts = Race.run(Collections.nCopies(6, () -> acquire(key)));
      List<Attempt> winners = attempts.stream().filter(Attempt::acquired).toList();
      assertThat(winners).hasSize(1);
      Lease lease = winners.get(0).lease();
      assertThat(attempts).allSatisfy(a -> assertThat(a.lease()).isEqualTo(lease));
    }
  }
}
