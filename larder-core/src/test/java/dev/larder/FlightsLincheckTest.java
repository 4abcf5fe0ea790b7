package dev.larder;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The flights of one key, seen from threads that join them, end them and look whether they have
 * landed, behave as if one did so after the other. In particular there is one leader at a time,
 * whoever joins after a flight has ended leads the next, and a flight that has ended has landed for
 * all who follow it.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class FlightsLincheckTest {
  private static final int MOST_THREADS = 8;

  private final Flights flights = new Flights();
  private final Flights.Place[] places = new Flights.Place[MOST_THREADS];

  /** For Lincheck. */
  public FlightsLincheckTest() {}

  @Operation
  public String join(@Param(name = "thread") int thread) {
    if (places[thread] != null) {
      return "has a place";
    }
    places[thread] = flights.join("key");
    return places[thread].leads() ? "leads" : "follows";
  }

  /** Whether there was a flight to end. */
  @Operation
  public boolean end(@Param(name = "thread") int thread) {
    Flights.Place place = places[thread];
    if (place == null || !place.leads()) {
      return false;
    }
    places[thread] = null;
    place.flight().endWithout(Flights.End.FAILED);
    return true;
  }

  @Operation
  public String leaveIfLanded(@Param(name = "thread") int thread) {
    Flights.Place place = places[thread];
    if (place == null || place.leads()) {
      return "follows none";
    }
    if (!place.flight().hasEnded()) {
      return "under way";
    }
    places[thread] = null;
    return "landed";
  }

  @Test
  @Timeout(120)
  void joinAndEnd_underModelChecking_areLinearizable() {
    new ModelCheckingOptions()
        .threads(3)
        .actorsPerThread(3)
        .iterations(10)
        .invocationsPerIteration(300)
        .check(FlightsLincheckTest.class);
  }

  @Test
  @Timeout(120)
  void joinAndEnd_underStress_areLinearizable() {
    new StressOptions()
        .threads(3)
        .actorsPerThread(4)
        .iterations(10)
        .invocationsPerIteration(1000)
        .check(FlightsLincheckTest.class);
  }
}
