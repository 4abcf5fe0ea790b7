package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemJsonTest {
  @Test
  void lines_anItem_beginWithItsKeyAndEndWithItsBody() {
    Map<String, AttributeValue> item =
        Map.of(
            "body", AttributeValue.fromS("a \"b\"\n"),
            "ttl", AttributeValue.fromN("17"),
            "etc", AttributeValue.fromBool(true),
            "k", AttributeValue.fromS("entry"),
            "key", AttributeValue.fromS("4711"));

    assertThat(ItemJson.lines(item))
        .containsExactly(
            "{",
            "  \"key\": { \"S\": \"4711\" },",
            "  \"k\": { \"S\": \"entry\" },",
            "  \"etc\": { \"BOOL\": true },",
            "  \"ttl\": { \"N\": \"17\" },",
            "  \"body\": { \"S\": \"a \\\"b\\\"\\n\" }",
            "}");
  }

  @Test
  void lines_everyType_isWrittenAsDynamoDbJson() {
    SdkBytes bytes = SdkBytes.fromUtf8String("hi");

    assertThat(value(AttributeValue.fromB(bytes))).isEqualTo("{ \"B\": \"aGk=\" }");
    assertThat(value(AttributeValue.fromNul(true))).isEqualTo("{ \"NULL\": true }");
    assertThat(value(AttributeValue.fromSs(List.of("a", "b"))))
        .isEqualTo("{ \"SS\": [ \"a\", \"b\" ] }");
    assertThat(value(AttributeValue.fromNs(List.of("1")))).isEqualTo("{ \"NS\": [ \"1\" ] }");
    assertThat(value(AttributeValue.fromBs(List.of(bytes)))).isEqualTo("{ \"BS\": [ \"aGk=\" ] }");
    assertThat(value(AttributeValue.fromL(List.of(AttributeValue.fromN("1")))))
        .isEqualTo("{ \"L\": [ { \"N\": \"1\" } ] }");
    assertThat(value(AttributeValue.fromM(Map.of("m", AttributeValue.fromN("1")))))
        .isEqualTo("{ \"M\": { \"m\": { \"N\": \"1\" } } }");
  }

  private static String value(AttributeValue value) {
    String line = ItemJson.lines(Map.of("x", value)).get(1);
    return line.substring("  \"x\": ".length());
  }
}
