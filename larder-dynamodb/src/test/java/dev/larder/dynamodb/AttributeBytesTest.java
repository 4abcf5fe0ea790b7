package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.serial.SerializationException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class AttributeBytesTest {
  private static final Map<String, AttributeValue> EACH_TYPE =
      Map.of(
          "text", AttributeValue.fromS("\u00FCber"),
          "empty", AttributeValue.fromS(""),
          "number", AttributeValue.fromN("-7"),
          "bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1})),
          "true", AttributeValue.fromBool(true),
          "false", AttributeValue.fromBool(false),
          "texts", AttributeValue.fromSs(List.of("b", "a")));

  @Test
  void decode_whatWasEncoded_isTheSame() {
    byte[] bytes = AttributeBytes.encode(EACH_TYPE);
    assertThat(AttributeBytes.decode(bytes)).isEqualTo(EACH_TYPE);
    assertThat(AttributeBytes.encode(Map.of())).containsExactly(1);
  }

  @Test
  void decode_cutOffAnywhere_isRefusedOrHasFewer() {
    byte[] bytes = AttributeBytes.encode(EACH_TYPE);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      try {
        assertThat(AttributeBytes.decode(cut)).hasSizeLessThan(EACH_TYPE.size());
      } catch (SerializationException e) {
        assertThat(e).hasMessageNotContaining("\u00FCber");
      }
    }
  }

  @Test
  void decode_whatNobodyWrote_isRefused() {
    assertThatThrownBy(() -> AttributeBytes.decode(new byte[] {2}))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("version 2");
    byte[] long1 = {1, 127, -1, -1, -1};
    assertThatThrownBy(() -> AttributeBytes.decode(long1))
        .hasMessageContaining("more than is left");
    byte[] unknown = {1, 0, 0, 0, 1, 'a', 'X'};
    assertThatThrownBy(() -> AttributeBytes.decode(unknown)).hasMessageContaining("unknown type");
  }
}
