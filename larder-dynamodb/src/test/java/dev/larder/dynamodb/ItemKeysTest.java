package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ItemKeysTest {
  private static final ItemKeys TABLE = new ItemKeys("");
  private static final ItemKeys SHOP = new ItemKeys("shop");

  @Test
  void toItem_namespace_isReversibleAndApart() {
    assertThat(TABLE.toItem("k")).isEqualTo("k");
    assertThat(SHOP.toItem("k")).isEqualTo("shop\u001Fk");
    assertThat(SHOP.toUser(SHOP.toItem("k"))).contains("k");
    assertThat(TABLE.toUser(SHOP.toItem("k"))).isEmpty();
    assertThat(SHOP.toUser("k")).isEmpty();
    assertThat(new ItemKeys("sho").toUser(SHOP.toItem("k"))).isEmpty();
    assertThat(TABLE.toUser("\u0001lease")).isEmpty();
  }

  @Test
  void toItem_keyThatCannotBe_saysWhy() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TABLE.toItem(""))
        .withMessageContaining("1 to 2048 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TABLE.toItem("\u0001k"))
        .withMessageContaining("U+0001");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TABLE.toItem("a\u001Fb"))
        .withMessageContaining("U+001F");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TABLE.toItem("\uD800"))
        .withMessageContaining("unpaired surrogate");
    assertThat(TABLE.toItem("é".repeat(1024))).hasSize(1024);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SHOP.toItem("é".repeat(1024)))
        .withMessageContaining("has 2048 bytes")
        .withMessageContaining("at most 2043");
  }

  @Test
  void constructor_namespaceOfOtherCharacters_isRefused() {
    for (String wrong : new String[] {"a b", "a\u001Fb", "ü", "x".repeat(65)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ItemKeys(wrong))
          .withMessageContaining("64 letters");
    }
  }
}
