package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.LarderException;
import dev.larder.serial.Stage;
import dev.larder.serial.StageKeys;
import dev.larder.serial.Stages;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Encrypted and signed bodies against someone who can write to the table. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class SealedBodyTest {
  private static final Stage AES = Stages.aesGcm(StageKeys.of("one", new byte[32]));
  private static final byte[] BODY = Entries.issues(2);

  private final List<CacheEvent> events = new ArrayList<>();
  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void connect(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
  }

  @Test
  void body_inItsEntryOrInParts_comesBackAndIsNotReadableInTheTable() {
    for (int inline : new int[] {100, 10_000}) {
      DynamoDbCache cache = open(inline, Stages.gzip(), AES);
      for (byte[] body : new byte[][] {BODY, new byte[0], {1}}) {
        save(cache, "k", body);
        assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(body);
      }
      save(cache, "k", BODY);
      assertThat(client.scan(r -> r.tableName(table)).items().toString()).doesNotContain("acme");
      cache.clear();
    }
  }

  @Test
  void wrongKey_isAMissWithAnEvent() {
    save(open(10_000, AES), "k", BODY);
    DynamoDbCache other = open(10_000, Stages.aesGcm(StageKeys.of("two", new byte[32])));
    assertThat(other.getResponse("k")).isEmpty();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.UNDECODABLE);
  }

  @Test
  void wrongKey_ofABodyInParts_failsWithoutRemovingIt() {
    DynamoDbCache cache = open(100, AES);
    save(cache, "k", BODY);
    Body closed =
        open(100, Stages.aesGcm(StageKeys.of("two", new byte[32])))
            .getResponse("k")
            .orElseThrow()
            .body();
    assertThatThrownBy(closed::open)
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("aes-gcm");
    assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(BODY);
  }

  @Test
  void entryCopiedToAnotherKey_doesNotOpen() {
    DynamoDbCache cache = open(10_000, AES);
    save(cache, "k", BODY);
    put(item("k"), Map.of("key", AttributeValue.fromS("stolen")));
    assertThat(cache.getResponse("stolen")).isEmpty();
  }

  @Test
  void stageLeftOut_isRefused() {
    save(open(10_000), "k", BODY);
    save(open(100), "parts", BODY);
    save(open(100), "empty", new byte[0]);
    DynamoDbCache demanding = open(10_000, AES);
    assertThat(demanding.getResponse("k")).isEmpty();
    assertThat(demanding.getResponse("empty")).isEmpty();
    assertThatThrownBy(() -> demanding.getResponse("parts").orElseThrow().body().bytes())
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("without stage \"aes-gcm\"");
  }

  @Test
  void partsCutOffOrSwapped_doNotOpen() {
    DynamoDbCache cache = open(100, AES);
    save(cache, "k", BODY);
    Map<String, AttributeValue> entry = item("k");
    PartList list = PartList.parse(Attributes.text(entry, "parts").orElseThrow());
    assertThat(list.count()).isEqualTo(4);
    put(
        entry,
        Map.of(
            "parts", AttributeValue.fromS(new PartList(3, list.token()).text()),
            "length", AttributeValue.fromN("1500")));
    assertThatThrownBy(() -> cache.getResponse("k").orElseThrow().body().bytes())
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("aes-gcm");

    put(entry, Map.of());
    ItemKeys keys = new ItemKeys("");
    Map<String, AttributeValue> second = item(keys.part(list.token(), 1));
    put(
        second,
        Map.of(
            "key", AttributeValue.fromS(keys.part(list.token(), 0)),
            "index", AttributeValue.fromN("0")));
    assertThatThrownBy(() -> cache.getResponse("k").orElseThrow().body().bytes())
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("aes-gcm");
  }

  private DynamoDbCache open(int inline, Stage... stages) {
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(client)
            .inlineBodyLimit(inline)
            .partBytes(inline == 100 ? 500 : BodyLayout.PART_BYTES)
            .bodyStages(stages)
            .settings(CacheSettings.builder().listener(events::add).build())
            .build();
    cache.prepare();
    return cache;
  }

  private static void save(DynamoDbCache cache, String key, byte[] body) {
    cache.saveResponse(
        Entries.request(1), Entries.response(Body.of(body)), SaveOptions.DEFAULT.key(key));
  }

  private void put(Map<String, AttributeValue> item, Map<String, AttributeValue> changes) {
    Map<String, AttributeValue> changed = new HashMap<>(item);
    changed.putAll(changes);
    client.putItem(r -> r.tableName(table).item(changed));
  }

  private Map<String, AttributeValue> item(String key) {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf(key)).consistentRead(true))
        .item();
  }
}
