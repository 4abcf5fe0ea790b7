package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import dev.larder.serial.SerializerPipeline;
import dev.larder.serial.Serializers;
import dev.larder.serial.Stage;
import dev.larder.serial.StageKeys;
import dev.larder.serial.Stages;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Encrypted and signed bodies against someone who can write to the table. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class SealedBodyTest {
  private static final Stage AES = Stages.aesGcm(StageKeys.of("one", new byte[32]));
  private static final Stage HMAC = Stages.hmac(StageKeys.of("one", new byte[32]));
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
  void entryCopiedToAnotherNamespace_doesNotOpen() {
    List<DynamoDbCache.Builder> sealing =
        List.of(
            builder(10_000, AES),
            builder(10_000, HMAC),
            builder(10_000).serializer(SerializerPipeline.of(Serializers.json(), AES)));
    for (DynamoDbCache.Builder each : sealing) {
      DynamoDbCache team = each.namespace("team").build();
      team.prepare();
      save(team, "k", BODY);
      assertThat(team.getResponse("k")).isPresent();
      put(item("team\u001Fk"), Map.of("key", AttributeValue.fromS("other\u001Fk")));
      put(item("team\u001Fk"), Map.of("key", AttributeValue.fromS("k")));
      for (String namespace : List.of("other", "")) {
        events.clear();
        assertThat(each.namespace(namespace).build().getResponse("k")).isEmpty();
        assertThat(events).singleElement().asString().contains("moved from another place");
      }
    }
  }

  @Test
  void partsOfAnotherNamespace_doNotOpen() {
    DynamoDbCache.Builder builder = builder(100, AES).namespace("team");
    DynamoDbCache team = builder.build();
    team.prepare();
    save(team, "k", BODY);
    PartList list = PartList.parse(Attributes.text(item("team\u001Fk"), "parts").orElseThrow());
    ItemKeys from = new ItemKeys("team");
    ItemKeys to = new ItemKeys("other");
    put(item(from.toItem("k")), Map.of("key", AttributeValue.fromS(to.toItem("k"))));
    for (int i = 0; i < list.count(); i++) {
      put(
          item(from.part(list.token(), i)),
          Map.of("key", AttributeValue.fromS(to.part(list.token(), i))));
    }
    DynamoDbCache other = builder.namespace("other").build();
    assertThatThrownBy(() -> other.getResponse("k").orElseThrow().body().bytes())
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("aes-gcm");
  }

  /** No key of the user's, but what somebody may have written there. */
  @Test
  void entryUnderAKeyThatNobodyCanAskFor_isListedAsInvalid() {
    DynamoDbCache team = builder(10_000, AES).namespace("team").build();
    team.prepare();
    save(team, "k", BODY);
    put(item("team\u001Fk"), Map.of("key", AttributeValue.fromS("team\u001F\u0001k")));
    assertThat(team.count(EntryFilter.invalid())).isOne();
  }

  @Test
  void aliasThatWasChanged_leadsNowhere() {
    for (Stage stage : List.of(AES, HMAC)) {
      DynamoDbCache cache = open(10_000, stage);
      save(cache, "k", BODY);
      save(cache, "other", new byte[] {1});
      cache.redirects().put("alias", "k");
      cache.redirects().put("second", "other");
      assertThat(cache.getResponse("alias").orElseThrow().body().bytes()).isEqualTo(BODY);
      Map<String, AttributeValue> alias = item("alias");
      Map<String, AttributeValue> unsigned = new HashMap<>(alias);
      unsigned.remove("sealed");
      List<Map<String, AttributeValue>> forged =
          List.of(with(alias, "target", "other"), unsigned, with(item("second"), "key", "alias"));
      for (Map<String, AttributeValue> each : forged) {
        put(each, Map.of());
        events.clear();
        assertThat(cache.getResponse("alias")).isEmpty();
        assertThat(events).singleElement().asString().contains("an alias that was changed");
        assertThat(cache.redirects().get("alias")).isNull();
      }
      put(alias, Map.of());
      assertThat(cache.getResponse("alias")).isPresent();
      assertThat(cache.contains("alias")).isTrue();
    }
  }

  private static Map<String, AttributeValue> with(
      Map<String, AttributeValue> item, String name, String value) {
    Map<String, AttributeValue> changed = new HashMap<>(item);
    changed.put(name, AttributeValue.fromS(value));
    return changed;
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

  /** The layout has no place for what vouches for an entry, so anybody could write it. */
  @Test
  void entryInRequestsCachesLayout_isRefused() {
    DynamoDbCache sharing = builder(10_000).format(ItemFormat.REQUESTS_CACHE).build();
    sharing.prepare();
    save(sharing, "ours", BODY);
    Map<String, AttributeValue> python = new HashMap<>(item("ours"));
    python.keySet().retainAll(Set.of("key", "value"));
    put(python, Map.of("key", AttributeValue.fromS("python")));
    List<DynamoDbCache> demanding =
        List.of(
            open(10_000, AES),
            open(10_000, HMAC),
            builder(10_000, AES).encryptMetadata(true).build());
    for (DynamoDbCache cache : demanding) {
      events.clear();
      for (String key : List.of("ours", "python")) {
        assertThat(cache.getResponse(key)).isEmpty();
      }
      assertThat(events)
          .hasSize(2)
          .allSatisfy(
              event -> {
                assertThat(event.type()).isEqualTo(CacheEvent.Type.UNDECODABLE);
                assertThat(event.message()).contains("requests-cache's layout");
              });
      assertThat(cache.count(EntryFilter.invalid())).isEqualTo(2);
      assertThat(cache.count(EntryFilter.invalid().not())).isZero();
    }
    DynamoDbCache plain = open(10_000, Stages.gzip());
    assertThat(plain.getResponse("ours")).isPresent();
    assertThat(plain.getResponse("python")).isPresent();
  }

  @Test
  void entryReplacedByOneInRequestsCachesLayout_isNotRenewed() {
    DynamoDbCache cache = builder(10_000, AES).encryptMetadata(true).build();
    cache.prepare();
    save(cache, "k", BODY);
    EntryHead head = cache.getResponse("k").orElseThrow().head();
    Map<String, AttributeValue> forged = new HashMap<>(item("k"));
    forged.keySet().removeAll(Set.of("sealed", "sealedRequest", "body"));
    put(forged, Map.of("value", AttributeValue.fromM(Map.of())));
    assertThat(cache.storage().update(head)).isFalse();
    assertThat(item("k").toString()).doesNotContain(head.url());
  }

  private DynamoDbCache open(int inline, Stage... stages) {
    DynamoDbCache cache = builder(inline, stages).build();
    cache.prepare();
    return cache;
  }

  private DynamoDbCache.Builder builder(int inline, Stage... stages) {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .inlineBodyLimit(inline)
        .partBytes(inline == 100 ? 500 : BodyLayout.PART_BYTES)
        .bodyStages(stages)
        .settings(CacheSettings.builder().listener(events::add).build());
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
