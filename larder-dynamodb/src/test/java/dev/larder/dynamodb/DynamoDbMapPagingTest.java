package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.serial.Serializers;
import dev.larder.storage.OperationStats;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A map of 2.4 MB beside another of 0.4 MB in the same table: three pages. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DynamoDbMapPagingTest {
  private static final int ENTRIES = 600;
  private static final int PAGES = 3;
  private static final String VALUE = "x".repeat(4_000);

  private final DynamoDbClient client;
  private final String table;
  private DynamoDbMap<String> map;

  DynamoDbMapPagingTest(DynamoDbClient client, @TableName String table) {
    this.client = client;
    this.table = table;
    this.map = open("large/");
  }

  private DynamoDbMap<String> open(String prefix) {
    return DynamoDbMap.builder(Serializers.string())
        .client(client)
        .tableName(table)
        .keyPrefix(prefix)
        .build();
  }

  @BeforeAll
  void fill() {
    map.putAll(numbered(ENTRIES));
    open("small/").putAll(numbered(100));
  }

  @BeforeEach
  void reopen() {
    map = open("large/");
  }

  private static Map<String, String> numbered(int count) {
    Map<String, String> all = new HashMap<>();
    IntStream.range(0, count).forEach(i -> all.put("key " + i, VALUE + i));
    return all;
  }

  private long scans() {
    return map.stats().getOrDefault("Scan", OperationStats.NONE).requests();
  }

  @Test
  void iteration_severalPages_seesEachEntryOnce() {
    Map<String, String> seen = new HashMap<>();
    map.forEach((key, value) -> assertThat(seen.put(key, value)).isNull());
    assertThat(seen).isEqualTo(numbered(ENTRIES));
    assertThat(scans()).isEqualTo(PAGES);
    assertThat(map.stats()).containsOnlyKeys("Scan");
  }

  @Test
  void size_severalPages_isExact() {
    assertThat(map.size()).isEqualTo(ENTRIES);
    assertThat(map.mappingCount()).isEqualTo(ENTRIES);
    assertThat(scans()).isEqualTo(2 * PAGES);
  }

  @Test
  void iteration_stoppedEarly_readsNoMorePagesThanNeeded() {
    Iterator<Map.Entry<String, String>> entries = map.entrySet().iterator();
    assertThat(scans()).isZero();
    assertThat(entries.hasNext()).isTrue();
    entries.next();
    assertThat(scans()).isEqualTo(1);
  }

  @Test
  void streams_stoppedEarly_readsOnePage() {
    assertThat(map.values().stream().limit(5).collect(Collectors.toSet())).hasSize(5);
    assertThat(map.keySet().stream().anyMatch(key -> key.startsWith("key"))).isTrue();
    assertThat(map.entrySet().stream().findFirst()).isPresent();
    assertThat(scans()).isEqualTo(3);
  }

  @Test
  void toArray_severalPages_takesOnePass() {
    assertThat(map.keySet().toArray(new String[0])).hasSize(ENTRIES);
    assertThat(scans()).isEqualTo(PAGES);
  }

  @Test
  void equals_severalPages_takesOnePassAndNoSingleReads() {
    assertThat(map.equals(numbered(ENTRIES))).isTrue();
    assertThat(scans()).isEqualTo(PAGES);
    assertThat(map.stats()).containsOnlyKeys("Scan");
  }

  @Test
  void keySet_severalPages_seesEachKeyOnce() {
    Set<String> seen = new HashSet<>();
    for (String key : map.keySet()) {
      assertThat(seen.add(key)).isTrue();
    }
    assertThat(seen).isEqualTo(numbered(ENTRIES).keySet());
  }

  @Test
  void emptyMap_amongMuchOfOthers_isFoundEmptyInFewRequests() {
    DynamoDbMap<String> empty = open("empty/");
    assertThat(empty.isEmpty()).isTrue();
    assertThat(empty.pollEntry()).isEmpty();
    assertThat(empty.stats().getOrDefault("Scan", OperationStats.NONE).requests())
        .isLessThanOrEqualTo(2 * 12);
  }

  @Test
  void clear_severalPages_removesEverythingOfThisMapOnly() {
    DynamoDbMap<String> passing = open("passing/");
    passing.putAll(numbered(400));
    passing.clear();
    assertThat(passing.size()).isZero();
    assertThat(passing.stats().getOrDefault("BatchWriteItem", OperationStats.NONE).requests())
        .isEqualTo(400 / 25 * 2);
    assertThat(map.size()).isEqualTo(ENTRIES);
    assertThat(open("small/").size()).isEqualTo(100);
  }

  @Test
  void removeIf_severalPages_removesWhatMatches() {
    DynamoDbMap<String> passing = open("passing/");
    passing.putAll(numbered(300));
    assertThat(passing.values().removeIf(value -> value.endsWith("7"))).isTrue();
    assertThat(passing.size()).isEqualTo(270);
    passing.keySet().removeIf(key -> true);
    assertThat(passing.isEmpty()).isTrue();
  }
}
