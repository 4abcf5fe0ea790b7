package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Guard.Direction;
import dev.larder.Guard.Manner;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageException.Kind;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What the log and the listener are told of an outage. */
class EventsTest {
  private final StorageException down = new StorageException("down");
  private final TestClock clock = new TestClock();
  private final List<CacheEvent> told = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final Guard guard =
      new Guard("the table", CacheSettings.standard(), clock, Threads.EXECUTOR, new TestTimer());
  private final Events events = new Events(told::add, clock, guard::isWell, logger());

  /** Keeps what is said of warnings and informations, without the word of it. */
  private Logger logger() {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("warn") || method.getName().equals("info")) {
                lines.add(method.getName() + " " + arguments[1]);
              }
              return null;
            });
  }

  private void works(Direction direction) {
    assertThat(
            guard.<String>call(
                direction, guard.ofClients(), Manner.GOES_ON, () -> "well", late -> {}))
        .isEqualTo("well");
    events.recovered();
  }

  private void fails(Direction direction) {
    assertThatThrownBy(
            () ->
                guard.call(
                    direction,
                    guard.ofClients(),
                    Manner.GOES_ON,
                    () -> {
                      throw down;
                    },
                    late -> {}))
        .isSameAs(down);
    events.failed(
        direction == Direction.READ ? CacheEvent.Type.READ_FAILED : CacheEvent.Type.WRITE_FAILED,
        "k",
        down);
  }

  @Test
  void outage_ofReadsAndWrites_isOneWarningAndOneLineAtItsEnd() {
    works(Direction.READ);
    fails(Direction.READ);
    fails(Direction.WRITE);
    clock.advance(Duration.ofSeconds(90));
    works(Direction.READ);
    fails(Direction.WRITE);
    works(Direction.READ);
    assertThat(lines).containsExactly("warn down");

    works(Direction.WRITE);
    works(Direction.READ);

    assertThat(lines).containsExactly("warn down", "info PT1M30S");
    assertThat(told).hasSize(3);
  }

  @Test
  void outages_oneAfterTheOther_areOneWarningEach() {
    for (int i = 0; i < 3; i++) {
      fails(Direction.WRITE);
      works(Direction.WRITE);
    }
    assertThat(lines).hasSize(6);
  }

  /** Such as a hit in the near cache. */
  @Test
  void recovered_storageNotAskedSince_outageGoesOn() {
    fails(Direction.READ);
    events.recovered();
    fails(Direction.READ);
    assertThat(lines).containsExactly("warn down");
  }

  @Test
  void failed_aboutTheEntryAlone_isAnEventAndNoOutage() {
    events.failed(
        CacheEvent.Type.READ_FAILED,
        "k",
        new StorageException("a part is lost", null, Kind.UNAFFECTED));
    assertThat(told).hasSize(1);
    assertThat(lines).isEmpty();
  }
}
