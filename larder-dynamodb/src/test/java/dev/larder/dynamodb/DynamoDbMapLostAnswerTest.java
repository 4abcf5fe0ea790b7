package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.serial.Serializers;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The hazards told in {@link MapTable}: the SDK itself repeats what has taken place already. */
@NullUnmarked
@ExtendWith(EmbeddedDynamoDbExtension.class)
class DynamoDbMapLostAnswerTest {
  private final FaultyHttp http = new FaultyHttp();
  private DynamoDbClient faulty;
  private DynamoDbMap<String> map;
  private DynamoDbMap<String> other;

  @BeforeEach
  void open(EmbeddedDynamoDb dynamo, DynamoDbClient client, @TableName String table) {
    faulty = dynamo.configure(DynamoDbClient.builder()).httpClient(http).build();
    map = DynamoDbMap.builder(Serializers.string()).client(faulty).tableName(table).build();
    other = DynamoDbMap.builder(Serializers.string()).client(client).tableName(table).build();
    other.prepare();
  }

  @AfterEach
  void close() {
    faulty.close();
    http.close();
  }

  private static String add(String value, String more) {
    return Integer.toString(Integer.parseInt(value) + Integer.parseInt(more));
  }

  @Test
  void merge_answerLost_isAppliedOnce() {
    map.put("n", "1");
    http.loseAnswer("PutItem");
    assertThat(map.merge("n", "1", DynamoDbMapLostAnswerTest::add)).isEqualTo("2");
    assertThat(map).containsEntry("n", "2");
    assertThat(map.stats().get("PutItem").requests()).isEqualTo(2);
  }

  @Test
  void merge_answerOfFirstValueLost_isAppliedOnce() {
    http.loseAnswer("PutItem");
    assertThat(map.merge("n", "1", DynamoDbMapLostAnswerTest::add)).isEqualTo("1");
    assertThat(map).containsEntry("n", "1");
  }

  @Test
  void merge_answerLostAndOthersMergeMeanwhile_isAppliedOnce() {
    map.put("n", "1");
    http.loseAnswer("PutItem", () -> othersAdd10(10));
    map.merge("n", "1", DynamoDbMapLostAnswerTest::add);
    assertThat(map).containsEntry("n", "102");
  }

  @Test
  void merge_notArrivedAndOthersMergeMeanwhile_isAppliedOnce() {
    map.put("n", "1");
    http.once(
        "PutItem",
        (operation, send) -> {
          othersAdd10(5);
          throw new IOException("not sent");
        });
    map.merge("n", "1", DynamoDbMapLostAnswerTest::add);
    assertThat(map).containsEntry("n", "52");
  }

  @Test
  void merge_answerLostAndTooManyOthersMerge_saysThatItIsNotKnown() {
    map.put("n", "1");
    http.loseAnswer("PutItem", () -> othersAdd10(40));
    assertThatThrownBy(() -> map.merge("n", "1", DynamoDbMapLostAnswerTest::add))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("nothing tells whether it took place");
    assertThat(map).containsEntry("n", "402");
  }

  @Test
  void merge_lostToMoreOthersThanAreTraced_isAppliedOnceIfNothingWasRepeated() {
    map.put("n", "1");
    AtomicInteger calls = new AtomicInteger();
    map.merge(
        "n",
        "1",
        (now, more) -> {
          if (calls.incrementAndGet() == 1) {
            othersAdd10(40);
          }
          return add(now, more);
        });
    assertThat(map).containsEntry("n", "402");
  }

  private void othersAdd10(int times) {
    for (int i = 0; i < times; i++) {
      other.merge("n", "10", DynamoDbMapLostAnswerTest::add);
    }
  }

  @Test
  void putIfAbsent_answerLost_isTheWinner() {
    http.loseAnswer("PutItem");
    assertThat(map.putIfAbsent("k", "mine")).isNull();
    assertThat(map).containsEntry("k", "mine");
  }

  @Test
  void putIfAbsent_answerLostAndOtherMergesMeanwhile_isTheWinner() {
    http.loseAnswer("PutItem", () -> other.merge("k", "theirs", String::concat));
    assertThat(map.putIfAbsent("k", "mine+")).isNull();
    assertThat(map).containsEntry("k", "mine+theirs");
  }

  @Test
  void replaceIfEqual_answerLost_isTrue() {
    map.put("k", "a");
    http.loseAnswer("PutItem");
    assertThat(map.replace("k", "a", "b")).isTrue();
  }

  @Test
  void replace_answerLost_returnsTheValueBefore() {
    map.put("k", "a");
    http.loseAnswer("PutItem");
    assertThat(map.replace("k", "b")).isEqualTo("a");
  }

  @Test
  void merge_repeatIsFirstToArriveAfterAnotherPut_isAppliedUponThat() {
    map.put("n", "1");
    http.loseAnswer("PutItem", () -> other.put("n", "50"));
    assertThat(map.merge("n", "1", DynamoDbMapLostAnswerTest::add)).isEqualTo("51");
  }

  @Test
  void removeIfEqual_answerLost_isFalseAndGone() {
    map.put("k", "a");
    http.loseAnswer("DeleteItem");
    assertThat(map.remove("k", "a")).isFalse();
    assertThat(map).isEmpty();
  }

  @Test
  void mergeToNothing_answerLost_doesNotApplyTheFunctionToItsOwnResult() {
    map.put("k", "a");
    AtomicInteger calls = new AtomicInteger();
    http.loseAnswer("DeleteItem");
    String result =
        map.merge(
            "k",
            "again",
            (now, more) -> {
              calls.incrementAndGet();
              return null;
            });
    assertThat(result).isNull();
    assertThat(calls).hasValue(1);
    assertThat(map).doesNotContainKey("k");
  }

  @Test
  void computeToNothing_removedByOther_isAskedAgain() {
    map.put("k", "a");
    AtomicInteger calls = new AtomicInteger();
    String result =
        map.compute(
            "k",
            (key, now) -> {
              if (calls.incrementAndGet() == 1) {
                other.remove("k");
                return null;
              }
              return "absent was " + now;
            });
    assertThat(result).isEqualTo("absent was null");
    assertThat(map).containsEntry("k", "absent was null");
  }

  @Test
  void pollEntry_answerLost_goesOnWithAnother() {
    map.put("a", "1");
    map.put("b", "2");
    http.loseAnswer("DeleteItem");
    assertThat(map.pollEntry()).isPresent();
    assertThat(map.pollEntry()).isEmpty();
    assertThat(map).isEmpty();
  }

  @Test
  void put_answerLost_writesAndReturnsNull() {
    map.put("k", "a");
    http.loseAnswer("PutItem");
    assertThat(map.put("k", "b")).isNull();
    assertThat(map).containsEntry("k", "b");
  }

  @Test
  void remove_answerLost_removesAndReturnsNull() {
    map.put("k", "a");
    http.loseAnswer("DeleteItem");
    assertThat(map.remove("k")).isNull();
    assertThat(map).isEmpty();
  }
}
