package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.Expiration;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import dev.larder.testkit.dynamodb.Faults;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Removing what is of no use to anybody. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class GarbageTest {
  private static final int PARTS = 5;

  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbClient client;
  private String table;
  private DynamoDbCache cache;

  @BeforeEach
  void open(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    // The clock stands in the past, and DynamoDB sweeps by the real one where it is let.
    DynamoDbCache.builder().tableName(table).client(client).ttl(false).build().prepare();
    cache = open("");
  }

  private DynamoDbCache open(String namespace) {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .clock(clock)
        .namespace(namespace)
        .compression(false)
        .inlineBodyLimit(100)
        .partBytes(1_000)
        .build();
  }

  private void save(DynamoDbCache in, String key, int bytes, Expiration expiration) {
    in.saveResponse(
        Entries.request(1),
        Entries.response(Body.of(new byte[bytes])),
        SaveOptions.DEFAULT.key(key).expiration(expiration));
  }

  private int items() {
    return client.scan(r -> r.tableName(table)).count();
  }

  @Test
  void removeGarbage_ofEachKind_isCountedAndRemovedAndNothingElse() {
    DynamoDbCache other = open("other");
    save(cache, "purged", 10, Expiration.never());
    save(cache, "purged-large", PARTS * 1_000, Expiration.never());
    save(other, "other", 10, Expiration.never());
    cache.purge();
    clock.advance(Duration.ofSeconds(1));
    save(cache, "short", 10, Expiration.after(Duration.ofSeconds(1)));
    save(cache, "replaced", PARTS * 1_000, Expiration.never());
    save(cache, "replaced", 10, Expiration.never());
    cache.redirects().put("alias", "replaced");
    client.putItem(
        r -> r.tableName(table).item(Map.of("key", AttributeValue.fromS("undecodable"))));
    clock.advance(Duration.ofDays(20));
    save(cache, "good", PARTS * 1_000, Expiration.never());
    int before = items();

    Garbage found = cache.findGarbage();
    assertThat(items()).isEqualTo(before);
    assertThat(cache.removeGarbage()).isEqualTo(found);

    assertThat(found).isEqualTo(new Garbage(1, 2, 2 * PARTS));
    assertThat(items()).isEqualTo(before - 3 - 2 * PARTS);
    assertThat(cache.getResponse("good").orElseThrow().body().bytes()).hasSize(PARTS * 1_000);
    assertThat(cache.getResponse("alias")).isPresent();
    assertThat(other.getResponse("other")).isPresent();
    assertThat(cache.count()).isEqualTo(3);
    assertThat(cache.removeGarbage()).isEqualTo(new Garbage(0, 0, 0));
    assertThat(open("").getResponse("purged")).isEmpty();
  }

  @Test
  void removeGarbage_youngParts_stay() {
    save(cache, "k", PARTS * 1_000, Expiration.never());
    cache.purge();
    assertThat(cache.removeGarbage()).isEqualTo(new Garbage(0, 1, 0));
    assertThat(items()).isEqualTo(PARTS + 1);
    clock.advance(PartsCollector.YOUNG.plusSeconds(1));
    assertThat(cache.removeGarbage()).isEqualTo(new Garbage(0, 0, PARTS));
    assertThat(items()).isOne();
  }

  @Test
  void removeGarbage_renewedWhileTheTableIsRead_stays() {
    save(cache, "over", 10, Expiration.after(Duration.ofSeconds(1)));
    clock.advance(Duration.ofDays(20));
    save(cache, "purged", 10, Expiration.never());
    cache.purge();
    clock.advance(Duration.ofSeconds(1));
    Faults faults = Faults.of(client);
    for (int call = 1; call <= 2; call++) {
      faults.beforeCall(
          call,
          "DeleteItem",
          () -> {
            save(cache, "over", 10, Expiration.never());
            save(cache, "purged", 10, Expiration.never());
          });
    }
    DynamoDbCache collecting =
        DynamoDbCache.builder().tableName(table).client(faults.client()).clock(clock).build();
    assertThat(collecting.removeGarbage()).isEqualTo(new Garbage(0, 0, 0));
    assertThat(cache.getResponse("over")).isPresent();
    assertThat(cache.getResponse("purged")).isPresent();
  }

  @Test
  void removeGarbage_anotherProgramsNumberInTtl_stays() {
    client.putItem(
        r ->
            r.tableName(table)
                .item(
                    Map.of(
                        "key", AttributeValue.fromS("theirs"), "ttl", AttributeValue.fromN("60"))));
    assertThat(cache.removeGarbage()).isEqualTo(new Garbage(0, 0, 0));
    assertThat(items()).isOne();
  }
}
