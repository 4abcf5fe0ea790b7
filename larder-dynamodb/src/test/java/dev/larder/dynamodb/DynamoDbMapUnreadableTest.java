package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.serial.SerializationException;
import dev.larder.serial.Serializer;
import dev.larder.serial.Serializers;
import dev.larder.serial.StageContext;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items of the map whose value cannot be read. */
@NullUnmarked
@ExtendWith(EmbeddedDynamoDbExtension.class)
class DynamoDbMapUnreadableTest {
  private static final AttributeValue NOT_UTF8 =
      AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {(byte) 0xFF}));

  private DynamoDbClient client;
  private String table;
  private DynamoDbMap<String> map;

  @BeforeEach
  void open(DynamoDbClient embedded, @TableName String name) {
    client = embedded;
    table = name;
    map = DynamoDbMap.builder(Serializers.string()).client(client).tableName(table).build();
    map.prepare();
  }

  private void putRaw(String key, Map<String, AttributeValue> more) {
    Map<String, AttributeValue> item = new HashMap<>(more);
    item.put("key", AttributeValue.fromS(key));
    item.put("k", AttributeValue.fromS("map"));
    client.putItem(r -> r.tableName(table).item(item));
  }

  @Test
  void get_valueMissingOfWrongTypeOrRefused_namesTheKey() {
    putRaw("missing", Map.of());
    putRaw("number", Map.of("value", AttributeValue.fromN("1")));
    putRaw("refused", Map.of("value", NOT_UTF8));
    putRaw("later", Map.of("value", AttributeValue.fromS("x"), "v", AttributeValue.fromN("2")));
    for (String key : List.of("missing", "number", "refused", "later")) {
      assertThatThrownBy(() -> map.get(key))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining('"' + key + '"')
          .hasMessageContaining(table)
          .hasMessageContaining("remove the key");
    }
    assertThatThrownBy(() -> map.compute("refused", (k, v) -> "x"))
        .isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> map.putIfAbsent("refused", "x"))
        .isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> map.getAll(List.of("refused")))
        .isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> map.containsValue("x")).isInstanceOf(SerializationException.class);
  }

  @Test
  void get_serializerFails_namesTheKeyAndKeepsTheCause() {
    DynamoDbMap<Integer> numbers =
        DynamoDbMap.builder(new Numbers()).client(client).tableName(table).build();
    numbers.put("one", 1);
    assertThat(numbers.get("one")).isEqualTo(1);
    map.put("word", "two");
    assertThatThrownBy(() -> numbers.get("word"))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("\"word\"")
        .hasCauseInstanceOf(NumberFormatException.class);
  }

  @Test
  void put_unpairedSurrogate_isRefusedAndWritesNothing() {
    assertThatThrownBy(() -> map.put("k", "\uD800"))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("\"k\"");
    assertThat(map.containsKey("k")).isFalse();
  }

  @Test
  void mending_unreadableItems_works() {
    putRaw("a", Map.of("value", NOT_UTF8));
    putRaw("b", Map.of("value", NOT_UTF8));
    putRaw("c", Map.of("value", NOT_UTF8));
    putRaw("d", Map.of("value", NOT_UTF8));
    assertThat(map.containsKey("a")).isTrue();
    assertThat(map.size()).isEqualTo(4);
    assertThat(map.keySet()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(map.put("a", "mended")).isNull();
    assertThat(map.get("a")).isEqualTo("mended");
    assertThat(map.remove("b")).isNull();
    assertThat(map.keySet().remove("c")).isTrue();
    assertThat(map.bulkDelete(List.of("d"))).isEqualTo(1);
    assertThat(map.keySet()).containsExactly("a");
  }

  @Test
  void iteration_unreadableItem_canRemoveItAndGoOn() {
    map.put("good", "v");
    putRaw("bad", Map.of("value", NOT_UTF8));
    map.put("fine", "v");
    int good = 0;
    int bad = 0;
    Iterator<Map.Entry<String, String>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      try {
        entries.next();
        good++;
      } catch (SerializationException e) {
        assertThat(e).hasMessageContaining("\"bad\"");
        entries.remove();
        bad++;
      }
    }
    assertThat(good).isEqualTo(2);
    assertThat(bad).isEqualTo(1);
    assertThat(map.keySet()).containsExactlyInAnyOrder("good", "fine");
  }

  @Test
  void pollEntry_unreadableItem_leavesIt() {
    putRaw("bad", Map.of("value", NOT_UTF8));
    assertThatThrownBy(() -> map.pollEntry()).isInstanceOf(SerializationException.class);
    assertThat(map.containsKey("bad")).isTrue();
    map.clear();
    assertThat(map.isEmpty()).isTrue();
  }

  @Test
  void compareOperations_itemWithoutVersion_compareTheRawValue() {
    putRaw("k", Map.of("value", AttributeValue.fromS("a")));
    String result =
        map.compute(
            "k",
            (key, now) -> {
              if (now.equals("a")) {
                putRaw("k", Map.of("value", AttributeValue.fromS("b")));
              }
              return now + "!";
            });
    assertThat(result).isEqualTo("b!");
    putRaw("k", Map.of("value", AttributeValue.fromS("c")));
    assertThat(map.remove("k", "c")).isTrue();
  }

  private static final class Numbers implements Serializer<Integer> {
    @Override
    public String name() {
      return "numbers";
    }

    @Override
    public byte[] serialize(Integer value, StageContext context) {
      return Serializers.string().serialize(value.toString(), context);
    }

    @Override
    public Integer deserialize(byte[] bytes, StageContext context) {
      return Integer.valueOf(Serializers.string().deserialize(bytes, context));
    }
  }
}
