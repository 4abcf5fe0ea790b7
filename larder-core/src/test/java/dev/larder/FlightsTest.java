package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Flights.End;
import dev.larder.Flights.Landing;
import dev.larder.Flights.Place;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class FlightsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Flights flights = new Flights();

  @Test
  void join_severalOnOneKey_firstLeadsOthersFollowIt() {
    Place first = flights.join("a");
    Place second = flights.join("a");
    assertThat(first.leads()).isTrue();
    assertThat(second.leads()).isFalse();
    assertThat(second.flight()).isSameAs(first.flight());
    assertThat(flights.join("b").leads()).isTrue();
    assertThat(flights.size()).isEqualTo(2);
  }

  @Test
  void publish_everyFollower_getsTheResponse() throws Exception {
    Place leader = flights.join("a");
    List<CompletableFuture<Landing>> followers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      followers.add(flights.join("a").flight().await(LONG));
    }
    Request request = Request.get("http://example.com/");
    CachedResponse response =
        new CachedResponse(
            EntryHead.builder("a", request, TestClock.START).build(), Body.of("hello"));

    leader.flight().publish(request, response);

    for (CompletableFuture<Landing> follower : followers) {
      Landing landing = follower.get(10, TimeUnit.SECONDS);
      assertThat(landing.end()).isEqualTo(End.PUBLISHED);
      assertThat(landing.request()).contains(request);
      assertThat(landing.response()).contains(response);
    }
    assertThat(flights.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = End.class,
      names = {"NOT_REUSABLE", "FAILED", "ABANDONED"})
  void endWithout_followersAreReleased_andTheNextLeads(End end) throws Exception {
    Place leader = flights.join("a");
    CompletableFuture<Landing> follower = flights.join("a").flight().await(LONG);

    leader.flight().endWithout(end);

    assertThat(follower.get(10, TimeUnit.SECONDS)).isEqualTo(Landing.without(end));
    assertThat(flights.size()).isZero();
    assertThat(flights.join("a").leads()).isTrue();
  }

  /** As when an answer is complete and the call is cancelled at the same time. */
  @Test
  void endWithout_twice_firstCounts() {
    Place leader = flights.join("a");
    leader.flight().endWithout(End.FAILED);
    leader.flight().endWithout(End.ABANDONED);
    assertThat(leader.flight().await(LONG).join().end()).isEqualTo(End.FAILED);
  }

  /** A leader that ends late must not end the flight of its successor. */
  @Test
  void endWithout_successorUnderWay_successorStays() throws Exception {
    Flights patient = new Flights(Duration.ofMillis(1));
    Place slow = patient.join("a");
    slow.flight().recording();
    slow.flight().await(LONG).get(10, TimeUnit.SECONDS);
    Place successor = patient.join("a");

    slow.flight().endWithout(End.FAILED);

    assertThat(successor.leads()).isTrue();
    assertThat(successor.flight().hasEnded()).isFalse();
    assertThat(patient.join("a").flight()).isSameAs(successor.flight());
  }

  @Test
  void recording_bodyDoesNotEnd_releasesFollowers() throws Exception {
    Flights patient = new Flights(Duration.ofMillis(1));
    CompletableFuture<Landing> follower = patient.join("a").flight().await(LONG);
    assertThat(follower).isNotDone();
    patient.join("a").flight().recording();
    assertThat(follower.get(10, TimeUnit.SECONDS)).isEqualTo(Landing.without(End.NOT_REUSABLE));
  }

  @Test
  void await_leaderHangs_timesOutForThisFollowerOnly() throws Exception {
    Place leader = flights.join("a");
    CompletableFuture<Landing> impatient = leader.flight().await(Duration.ofMillis(1));
    CompletableFuture<Landing> patient = leader.flight().await(LONG);

    assertThat(impatient.get(10, TimeUnit.SECONDS)).isEqualTo(Landing.without(End.TIMED_OUT));

    assertThat(patient).isNotDone();
    assertThat(leader.flight().hasEnded()).isFalse();
    leader.flight().endWithout(End.FAILED);
    assertThat(patient.get(10, TimeUnit.SECONDS).end()).isEqualTo(End.FAILED);
  }

  @Test
  void await_followerCancels_othersAreNotDisturbed() {
    Place leader = flights.join("a");
    leader.flight().await(LONG).cancel(true);
    assertThat(leader.flight().hasEnded()).isFalse();
    leader.flight().endWithout(End.FAILED);
    assertThat(leader.flight().await(LONG).join().end()).isEqualTo(End.FAILED);
  }
}
