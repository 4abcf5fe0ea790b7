package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MapKeysTest {
  private static final String[] BEGINS = {
    "", "\u0001", "\u0002", "\u0001\u0001", "\u0002\u0001", "\u0002\u0002", "\u0003", "a", "a\u0001"
  };

  @Test
  void toItem_anyPrefixAndKey_isInjectiveReversibleAndNeverLarders() {
    for (String prefix : BEGINS) {
      MapKeys keys = new MapKeys(prefix);
      Map<String, String> seen = new HashMap<>();
      Stream.of(BEGINS)
          .flatMap(begin -> Stream.of(begin, begin + "k", begin + "\u001F"))
          .filter(key -> !key.isEmpty())
          .forEach(
              key -> {
                String item = keys.toItem(key);
                assertThat(item).doesNotStartWith(ItemKeys.CONTROL);
                assertThat(keys.toUser(item)).contains(key);
                assertThat(keys.find(key)).contains(item);
                String other = seen.put(item, key);
                assertThat(other == null || other.equals(key)).isTrue();
              });
    }
  }

  @Test
  void toUser_keyOfOthers_isEmpty() {
    MapKeys keys = new MapKeys("p/");
    assertThat(keys.toUser("q/k")).isEmpty();
    assertThat(keys.toUser("p/")).isEmpty();
    assertThat(keys.toUser("\u0001p/k")).isEmpty();
    assertThat(new MapKeys("").toUser("\u0001lease")).isEmpty();
  }

  @Test
  void find_anythingThatCannotBeAKey_isEmpty() {
    MapKeys keys = new MapKeys("p/");
    assertThat(keys.find("")).isEmpty();
    assertThat(keys.find(1)).isEmpty();
    assertThat(keys.find("\uDC00")).isEmpty();
    assertThat(keys.find("x".repeat(2046))).isPresent();
    assertThat(keys.find("x".repeat(2047))).isEmpty();
  }

  @Test
  void shown_longOrUnprintableKey_isShortAndOnOneLine() {
    assertThat(MapKeys.shown("a\nb")).isEqualTo("\"a\\u000Ab\"");
    assertThat(MapKeys.shown("x".repeat(500))).hasSize(125).endsWith("...\"");
    assertThat(MapKeys.shown("🍏")).isEqualTo("\"🍏\"");
  }
}
