package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.testkit.dynamodb.Faults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A POST succeeds while DynamoDB fails, which comes back with what was there before. */
@Timeout(120)
class DynamoDbOutageTest {
  private static final Request GET = Request.get("http://example.com/a");
  private static final int ALL = 1000;

  private final TestClock clock = new TestClock();

  /** DynamoDB sweeps by the real clock what is over by that. */
  @BeforeEach
  void aheadOfTheSweeper() {
    clock.set(Instant.parse("2100-01-01T00:00:00Z"));
  }

  private DynamoDbCache cache(Faults faults) {
    return DynamoDbCache.builder()
        .tableName("outage")
        .client(faults.client())
        .clock(clock)
        .settings(CacheSettings.builder().storageTimeout(Duration.ofSeconds(30)).build())
        .build();
  }

  private static Response response(String body) {
    return Response.builder().body(body).build();
  }

  private static Optional<String> lookUp(HttpCache cache) {
    return Exchanges.lookUp(cache, GET)
        .map(answer -> new String(answer.body().bytes(), StandardCharsets.UTF_8));
  }

  private static void post(HttpCache cache) {
    Exchanges.send(cache, Request.of("POST", GET.uri()))
        .answer(Response.builder().status(204).build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void post_whileEverythingFails_isHeededAndWrittenLater(int millis) {
    try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.inMemory()) {
      Faults faults = Faults.of(dynamoDb.client());
      DynamoDbCache cache = cache(faults);
      cache.prepare();
      DynamoDbCache other = cache(Faults.of(dynamoDb.client()));
      Exchanges.store(cache, GET, response("old"));
      assertThat(lookUp(other)).contains("old");
      clock.advance(Duration.ofMillis(millis));

      faults.failNext(ALL, Faults.ANY, Faults::serverError);
      post(cache);
      faults.reset();
      clock.advance(Duration.ofMillis(1));

      assertThat(lookUp(cache)).isEmpty();
      assertThat(lookUp(other)).isEmpty();
      assertThat(Exchanges.store(cache, GET, response("new"))).isTrue();
      assertThat(lookUp(cache)).contains("new");
      assertThat(lookUp(other)).contains("new");
    }
  }

  /** The trace may be there or not; what matters is that the response is void. */
  @Test
  void post_answerOfDynamoDbIsLost_isHeeded() {
    try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.inMemory()) {
      Faults faults = Faults.of(dynamoDb.client());
      DynamoDbCache cache = cache(faults);
      cache.prepare();
      Exchanges.store(cache, GET, response("old"));
      clock.advance(Duration.ofMillis(1));
      faults.loseAnswers(ALL, "PutItem", Faults::serverError);
      post(cache);
      faults.reset();
      clock.advance(Duration.ofMillis(1));
      assertThat(lookUp(cache)).isEmpty();
      assertThat(Exchanges.store(cache, GET, response("new"))).isTrue();
      assertThat(lookUp(cache)).contains("new");
    }
  }

  @Test
  void post_whileAGetIsUnderWayAndWritesFail_answerIsNeverServed() {
    try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.inMemory()) {
      Faults faults = Faults.of(dynamoDb.client());
      DynamoDbCache cache = cache(faults);
      cache.prepare();
      Exchanges.UnderWay late = Exchanges.send(cache, GET);
      clock.advance(Duration.ofMillis(1));
      faults.failNext(ALL, Faults.ANY, Faults::throttled);
      post(cache);
      faults.reset();
      clock.advance(Duration.ofMillis(1));
      late.answer(response("old"));
      assertThat(lookUp(cache)).isEmpty();
      assertThat(Exchanges.store(cache, GET, response("new"))).isTrue();
      assertThat(lookUp(cache)).contains("new");
    }
  }
}
