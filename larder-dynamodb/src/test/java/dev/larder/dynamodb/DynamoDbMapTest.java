package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.serial.Serializers;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What {@link DynamoDbMap} promises beyond the interface. */
@NullUnmarked
@ExtendWith(EmbeddedDynamoDbExtension.class)
class DynamoDbMapTest {
  private DynamoDbClient client;
  private String table;
  private DynamoDbMap<String> map;

  @BeforeEach
  void open(DynamoDbClient embedded, @TableName String name) {
    client = embedded;
    table = name;
    map = builder().build();
  }

  private DynamoDbMap.Builder<String> builder() {
    return DynamoDbMap.builder(Serializers.string()).client(client).tableName(table);
  }

  private Map<String, AttributeValue> rawItem(String itemKey) {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf(itemKey)).consistentRead(true))
        .item();
  }

  @Test
  void put_text_isReadableInTheTable() {
    map.put("apples", "1 kg, ripe");
    Map<String, AttributeValue> item = rawItem("apples");
    assertThat(item).containsOnlyKeys("key", "k", "v", "ver", "value");
    assertThat(item.get("k").s()).isEqualTo("map");
    assertThat(item.get("v").n()).isEqualTo("1");
    assertThat(item.get("value").s()).isEqualTo("1 kg, ripe");
  }

  @Test
  void put_again_changesTheVersion() {
    map.put("k", "a");
    AttributeValue first = rawItem("k").get("ver");
    map.put("k", "a");
    assertThat(rawItem("k").get("ver")).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\uFEFFmark", "a\u0000b", "\uFFFD", "line\r\nline", "grüße 🍏"})
  void put_text_comesBackExactly(String value) {
    map.put("k", value);
    assertThat(map.get("k")).isEqualTo(value);
  }

  @Test
  void put_bytes_comeBackExactly() {
    DynamoDbMap<byte[]> bytes =
        DynamoDbMap.builder(Serializers.bytes()).client(client).tableName(table).build();
    byte[] all = new byte[256];
    IntStream.range(0, all.length).forEach(i -> all[i] = (byte) i);
    byte[] random = new byte[100_000];
    new Random(1).nextBytes(random);
    bytes.put("all", all);
    bytes.put("random", random);
    bytes.put("none", new byte[0]);
    assertThat(bytes.get("all")).isEqualTo(all);
    assertThat(bytes.get("random")).isEqualTo(random);
    assertThat(bytes.get("none")).isEmpty();
  }

  @Test
  void compareOperations_arrays_compareByContent() {
    DynamoDbMap<byte[]> bytes =
        DynamoDbMap.builder(Serializers.bytes()).client(client).tableName(table).build();
    bytes.put("k", new byte[] {1});
    assertThat(bytes.containsValue(new byte[] {1})).isTrue();
    assertThat(bytes.replace("k", new byte[] {1}, new byte[] {2})).isTrue();
    bytes.replaceAll((key, value) -> new byte[] {(byte) (value[0] + 1)});
    assertThat(bytes.remove("k", new byte[] {2})).isFalse();
    assertThat(bytes.remove("k", new byte[] {3})).isTrue();
  }

  @Test
  void put_itemOf400KB_isHeldAndOneByteMoreRefused() {
    int overhead = "key".length() + 1 + "kmap".length() + 3 + "ver".length() + 16 + 5;
    String largest = "x".repeat(400 * 1024 - overhead);
    map.put("k", largest);
    assertThat(map.get("k")).isEqualTo(largest);
    assertThatThrownBy(() -> map.put("k", largest + "y"))
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessageContaining("\"k\"")
        .hasMessageContaining("409601 bytes")
        .hasMessageContaining("409600");
    assertThat(map.merge("k", "", (now, more) -> now)).isEqualTo(largest);
    assertThat(map.get("k")).isEqualTo(largest);
  }

  @Test
  void put_keyOf2048Bytes_isHeldAndOneByteMoreRefused() {
    String longest = "é".repeat(1024);
    map.put(longest, "v");
    assertThat(map.get(longest)).isEqualTo("v");
    assertThat(map.keySet()).containsExactly(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map.put(longest + "x", "v"))
        .withMessageContaining("2049 bytes")
        .withMessageContaining("at most 2048");
  }

  @Test
  void anyMethod_keyThatCannotBe_isRefusedOnWritingAndAbsentOnAsking() {
    for (String key : List.of("", "x".repeat(2049), "half \uD83C")) {
      assertThatIllegalArgumentException().isThrownBy(() -> map.put(key, "v"));
      assertThatIllegalArgumentException().isThrownBy(() -> map.putIfAbsent(key, "v"));
      assertThatIllegalArgumentException().isThrownBy(() -> map.putAll(Map.of(key, "v")));
      assertThatIllegalArgumentException().isThrownBy(() -> map.compute(key, (k, v) -> "v"));
      assertThatIllegalArgumentException().isThrownBy(() -> map.computeIfAbsent(key, k -> "v"));
      assertThatIllegalArgumentException().isThrownBy(() -> map.merge(key, "v", String::concat));
      assertThat(map.get(key)).isNull();
      assertThat(map.getOrDefault(key, "default")).isEqualTo("default");
      assertThat(map.containsKey(key)).isFalse();
      assertThat(map.remove(key)).isNull();
      assertThat(map.remove(key, "v")).isFalse();
      assertThat(map.replace(key, "v")).isNull();
      assertThat(map.replace(key, "v", "w")).isFalse();
      assertThat(map.computeIfPresent(key, (k, v) -> "w")).isNull();
      assertThat(map.getAll(List.of(key))).isEmpty();
      assertThat(map.bulkDelete(List.of(key))).isZero();
      assertThat(map.keySet().remove(key)).isFalse();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map.put("", "v"))
        .withMessageContaining("1 to 2048 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map.put("half \uD83C", "v"))
        .withMessageContaining("unpaired surrogate")
        .withMessageContaining("\\uD83C");
  }

  @Test
  @SuppressWarnings({"CollectionIncompatibleType", "unlikely-arg-type"})
  void anyMethod_keyOfAnotherType_isAbsent() {
    map.put("1", "v");
    assertThat(map.get((Object) 1)).isNull();
    assertThat(map.containsKey((Object) 1)).isFalse();
    assertThat(map.remove((Object) 1)).isNull();
    assertThat(map.remove((Object) 1, "v")).isFalse();
    assertThat(map.remove("1", (Object) 1)).isFalse();
  }

  @Test
  void put_keysThatBeginWithControlCharacters_doNotCollide() {
    List<String> all =
        List.of("\u0001", "\u0002", "\u0001x", "\u0002\u0001x", "\u0002\u0002\u0001x", "x");
    all.forEach(key -> map.put(key, key));
    assertThat(map.keySet()).containsExactlyInAnyOrderElementsOf(all);
    all.forEach(key -> assertThat(map.get(key)).isEqualTo(key));
    assertThat(client.scan(r -> r.tableName(table)).items())
        .noneMatch(item -> item.get("key").s().startsWith("\u0001"));
  }

  @Test
  void keyPrefix_twoMaps_doNotSeeEachOther() {
    DynamoDbMap<String> fruit = builder().keyPrefix("fruit/").build();
    DynamoDbMap<String> roots = builder().keyPrefix("roots/").build();
    fruit.put("k", "apple");
    roots.put("k", "beet");
    roots.put("only", "carrot");
    assertThat(fruit).containsExactlyEntriesOf(Map.of("k", "apple"));
    assertThat(fruit.size()).isEqualTo(1);
    assertThat(fruit.containsKey("only")).isFalse();
    fruit.clear();
    assertThat(fruit.isEmpty()).isTrue();
    assertThat(fruit.pollEntry()).isEmpty();
    assertThat(roots).hasSize(2);
    assertThat(map.keySet()).containsExactlyInAnyOrder("roots/k", "roots/only");
  }

  @Test
  void keyPrefix_itemThatIsThePrefixItself_isNotSeen() {
    map.put("fruit/", "of the map without prefix");
    DynamoDbMap<String> fruit = builder().keyPrefix("fruit/").build();
    assertThat(fruit.size()).isZero();
    assertThat(fruit.keySet()).isEmpty();
    assertThat(fruit.isEmpty()).isTrue();
  }

  @Test
  void keyPrefix_beginningWithControlCharacter_isEscaped() {
    DynamoDbMap<String> own = builder().keyPrefix("\u0001p").build();
    own.put("k", "v");
    assertThat(own).containsExactlyEntriesOf(Map.of("k", "v"));
    assertThat(map.keySet()).containsExactly("\u0001pk");
    own.clear();
    assertThat(map.size()).isZero();
  }

  @Test
  void keyPrefix_thatLeavesNoRoomOrIsNoText_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().keyPrefix("x".repeat(2048)))
        .withMessageContaining("2048");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().keyPrefix("\uDC00"))
        .withMessageContaining("unpaired surrogate");
  }

  @Test
  void anyMethod_itemOfAnotherKindUnderTheKey_isAbsentAndNotTouched() {
    map.prepare();
    Map<String, AttributeValue> entry =
        Map.of(
            "key", AttributeValue.fromS("k"),
            "k", AttributeValue.fromS("entry"),
            "value", AttributeValue.fromS("a response"));
    client.putItem(r -> r.tableName(table).item(entry));

    assertThat(map.get("k")).isNull();
    assertThat(map.containsKey("k")).isFalse();
    assertThat(map.remove("k")).isNull();
    assertThat(map.remove("k", "a response")).isFalse();
    assertThat(map.replace("k", "v")).isNull();
    assertThat(map.computeIfPresent("k", (k, v) -> "v")).isNull();
    assertThat(map.getAll(List.of("k"))).isEmpty();
    assertThat(map.bulkDelete(List.of("k"))).isZero();
    assertThat(map.size()).isZero();
    assertThat(map.isEmpty()).isTrue();
    assertThat(map.keySet()).isEmpty();
    assertThat(map.pollEntry()).isEmpty();
    map.clear();
    List<Runnable> writes =
        List.of(
            () -> map.put("k", "v"),
            () -> map.putIfAbsent("k", "v"),
            () -> map.putAll(Map.of("k", "v", "other", "v")),
            () -> map.compute("k", (k, v) -> "v"),
            () -> map.computeIfAbsent("k", k -> "v"),
            () -> map.merge("k", "v", String::concat));
    for (Runnable write : writes) {
      assertThatThrownBy(write::run)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("\"k\"")
          .hasMessageContaining("another kind (entry)")
          .hasMessageContaining(table)
          .hasMessageContaining("keyPrefix");
    }
    assertThat(rawItem("k")).isEqualTo(entry);
    assertThat(map.containsKey("other")).isFalse();
  }

  @Test
  void nulls_everywhere_areRefused() {
    for (Runnable call :
        List.<Runnable>of(
            () -> map.get(null),
            () -> map.put(null, "v"),
            () -> map.put("k", null),
            () -> assertThat(map.containsKey(null)).isFalse(),
            () -> assertThat(map.containsValue(null)).isFalse(),
            () -> map.remove(null),
            () -> map.merge("k", null, String::concat),
            () -> map.putIfAbsent("k", null),
            () -> map.replace("k", "v", null))) {
      assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void getAll_manyKeys_keepsTheirOrderAndLeavesOutAbsentOnes() {
    map.prepare();
    Map<String, String> all = new LinkedHashMap<>();
    IntStream.range(0, 250).forEach(i -> all.put("key " + i, "value " + i));
    map.putAll(all);
    List<String> wanted = IntStream.range(0, 300).mapToObj(i -> "key " + (299 - i)).toList();
    Map<String, String> found = map.getAll(wanted);
    assertThat(found).isEqualTo(all);
    assertThat(found.keySet().iterator().next()).isEqualTo("key 249");
    assertThat(map.getAll(List.of("key 1", "key 1"))).containsOnlyKeys("key 1");
    assertThat(map.stats().get("BatchGetItem").requests()).isEqualTo(3 + 3 + 1);
    assertThat(map.stats().get("BatchWriteItem").requests()).isEqualTo(10);
  }

  @Test
  void putAll_secondBatchRefused_keepsTheFirst() {
    Map<String, String> all = new LinkedHashMap<>();
    IntStream.range(0, 150).forEach(i -> all.put("key " + i, "v"));
    all.put("", "no key");
    assertThatIllegalArgumentException().isThrownBy(() -> map.putAll(all));
    assertThat(map).hasSize(100);
  }

  @Test
  void bulkDelete_someAbsentSomeTwice_countsThoseThatWereThere() {
    Map<String, String> all = new HashMap<>();
    IntStream.range(0, 130).forEach(i -> all.put("key " + i, "v"));
    map.putAll(all);
    List<String> unwanted = IntStream.range(0, 260).mapToObj(i -> "key " + (5 + i % 130)).toList();
    assertThat(map.bulkDelete(unwanted)).isEqualTo(125);
    assertThat(map.keySet()).containsExactlyInAnyOrder("key 0", "key 1", "key 2", "key 3", "key 4");
  }

  @Test
  void pollEntry_untilEmpty_returnsEachOnce() {
    Map<String, String> all = new HashMap<>();
    IntStream.range(0, 20).forEach(i -> all.put("key " + i, "value " + i));
    map.putAll(all);
    Map<String, String> polled = new HashMap<>();
    for (Optional<Map.Entry<String, String>> next = map.pollEntry();
        next.isPresent();
        next = map.pollEntry()) {
      assertThat(polled.put(next.get().getKey(), next.get().getValue())).isNull();
    }
    assertThat(polled).isEqualTo(all);
    assertThat(map.isEmpty()).isTrue();
  }

  @Test
  void pollEntryAndIsEmpty_largeMap_readOneItem() {
    map.putAll(Map.of("a", "x".repeat(3_000), "b", "x".repeat(3_000), "c", "x".repeat(3_000)));
    double before = map.stats().getOrDefault("Scan", OperationStats.NONE).readUnits();
    assertThat(map.isEmpty()).isFalse();
    assertThat(map.pollEntry()).isPresent();
    assertThat(map.stats().get("Scan").readUnits() - before).isEqualTo(2);
  }

  @Test
  void removeIf_valueChangedMeanwhile_isSpared() {
    map.put("k", "old");
    boolean removed =
        map.values()
            .removeIf(
                value -> {
                  map.put("k", "new");
                  return value.equals("old");
                });
    assertThat(removed).isFalse();
    assertThat(map.get("k")).isEqualTo("new");
    assertThat(map.entrySet().removeIf(entry -> entry.getValue().equals("new"))).isTrue();
    assertThat(map.isEmpty()).isTrue();
  }

  @Test
  void iteratorRemove_valueChangedMeanwhile_removesTheKey() {
    map.put("k", "old");
    Iterator<Map.Entry<String, String>> entries = map.entrySet().iterator();
    entries.next();
    map.put("k", "new");
    entries.remove();
    assertThat(map.containsKey("k")).isFalse();
  }

  @Test
  void consistentReads_off_costHalf() {
    map.put("k", "v");
    DynamoDbMap<String> eventual = builder().consistentReads(false).build();
    assertThat(eventual.get("k")).isEqualTo("v");
    assertThat(map.get("k")).isEqualTo("v");
    assertThat(eventual.stats().get("GetItem").readUnits()).isEqualTo(0.5);
    assertThat(map.stats().get("GetItem").readUnits()).isEqualTo(1);
  }

  @Test
  void stats_singleOperations_areOneRequestEach() {
    map.prepare();
    map.put("k", "a");
    map.put("k", "b");
    map.get("k");
    assertThat(map.containsKey("k")).isTrue();
    map.remove("k");
    assertThat(map.stats().get("PutItem").requests()).isEqualTo(2);
    assertThat(map.stats().get("PutItem").writeUnits()).isEqualTo(2);
    assertThat(map.stats().get("GetItem").requests()).isEqualTo(2);
    assertThat(map.stats().get("DeleteItem").requests()).isEqualTo(1);
    assertThat(map.stats()).containsOnlyKeys("PutItem", "GetItem", "DeleteItem");
  }

  @Test
  void toString_always_namesTableAndPrefixAndReadsNothing() {
    DynamoDbMap<String> own = builder().keyPrefix("fruit/").build();
    assertThat(own.toString()).isEqualTo("DynamoDbMap[table=" + table + ", keyPrefix=\"fruit/\"]");
    assertThat(own.stats()).isEmpty();
  }

  @Test
  void views_created_sendNothing() {
    assertThat(map.keySet().iterator()).isNotNull();
    assertThat(map.values().stream()).isNotNull();
    assertThat(map.entrySet().spliterator()).isNotNull();
    assertThat(map.stats()).isEmpty();
  }

  @Test
  void equalsAndHashCode_sameEntries_areAsOfOtherMaps() {
    map.putAll(Map.of("a", "1", "b", "2"));
    Map<String, String> plain = new HashMap<>(Map.of("a", "1", "b", "2"));
    assertThat(map.equals(plain)).isTrue();
    assertThat(plain.equals(map)).isTrue();
    assertThat(map.hashCode()).isEqualTo(plain.hashCode());
    plain.put("c", "3");
    assertThat(map.equals(plain)).isFalse();
    assertThat(map.equals((Object) "a")).isFalse();
  }

  @Test
  void serializeAndDeserialize_value_roundTrips() {
    assertThat(map.deserialize(map.serialize("grüße"))).isEqualTo("grüße");
    assertThat(Arrays.toString(map.serialize("é"))).isEqualTo("[-61, -87]");
  }

  @Test
  void close_thenAnyUse_saysSo() {
    map.put("k", "v");
    Iterator<String> begun = map.keySet().iterator();
    map.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> map.get("k"),
            () -> assertThat(map.size()).isZero(),
            () -> map.verify(),
            () -> begun.next())) {
      assertThatThrownBy(use::run)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(table)
          .hasMessageContaining("closed");
    }
    assertThat(builder().build().get("k")).isEqualTo("v");
  }

  @Test
  void get_tableMissing_createsItAndAnswers() {
    assertThat(map.get("k")).isNull();
    assertThat(map.verify()).isEmpty();
  }

  @Test
  void iteration_tableMissing_createsItAndIsEmpty() {
    assertThat(map.keySet()).isEmpty();
    assertThat(map.verify()).isEmpty();
  }

  @Test
  void get_tableMissingAndCreationOff_saysSo() {
    DynamoDbMap<String> strict = builder().createTable(false).build();
    assertThatThrownBy(() -> strict.get("k"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(table)
        .hasMessageContaining("createTable");
  }
}
