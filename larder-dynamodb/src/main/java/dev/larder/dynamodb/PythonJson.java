package dev.larder.dynamodb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.larder.dynamodb.EntryFormat.InvalidItemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** JSON as Python's {@code json.dumps} writes it, and as its {@code json.loads} reads it. */
final class PythonJson {
  private static final String HEX = "0123456789abcdef";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(500)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private PythonJson() {}

  /**
   * The text of a document, ASCII only, {@code ", "} between elements and {@code ": "} behind
   * names; members in the order they are in.
   *
   * @throws InvalidItemException if it holds what JSON cannot: bytes or a set
   */
  static String dump(AttributeValue value) {
    StringBuilder text = new StringBuilder();
    append(text, value);
    return text.toString();
  }

  private static void append(StringBuilder text, AttributeValue value) {
    switch (value.type()) {
      case S -> appendString(text, value.s());
      case N -> text.append(number(value.n()));
      case BOOL -> text.append(value.bool());
      case NUL -> text.append("null");
      case M -> {
        String separator = "{";
        for (Map.Entry<String, AttributeValue> member : value.m().entrySet()) {
          text.append(separator);
          appendString(text, member.getKey());
          append(text.append(": "), member.getValue());
          separator = ", ";
        }
        text.append(value.m().isEmpty() ? "{}" : "}");
      }
      case L -> {
        String separator = "[";
        for (AttributeValue element : value.l()) {
          append(text.append(separator), element);
          separator = ", ";
        }
        text.append(value.l().isEmpty() ? "[]" : "]");
      }
      default -> throw new InvalidItemException("its decoded content holds bytes or a set");
    }
  }

  private static String number(String number) {
    try {
      return PythonNumbers.json(number);
    } catch (NumberFormatException e) {
      throw new InvalidItemException("its decoded content holds a malformed number");
    }
  }

  private static void appendString(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\f' -> text.append("\\f");
        case '\b' -> text.append("\\b");
        default -> {
          if (c >= ' ' && c <= '~') {
            text.append(c);
          } else {
            text.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              text.append(HEX.charAt(c >> shift & 0xF));
            }
          }
        }
      }
    }
    text.append('"');
  }

  /**
   * The document of a text.
   *
   * @throws InvalidItemException if it is not one JSON value, or a name has an unpaired surrogate
   */
  static AttributeValue parse(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      AttributeValue value = value(parser);
      if (parser.nextToken() == null) {
        return value;
      }
    } catch (IOException | IllegalStateException e) {
      // Not quoted: Jackson's message shows what is in the text.
    }
    throw new InvalidItemException("its value is a text, but not JSON");
  }

  private static AttributeValue value(JsonParser parser) throws IOException {
    @Nullable JsonToken token = parser.currentToken();
    if (token == null) {
      throw new InvalidItemException("its value is an empty text");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, AttributeValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield AttributeValue.fromM(members);
      }
      case START_ARRAY -> {
        List<AttributeValue> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser));
        }
        yield AttributeValue.fromL(elements);
      }
      case VALUE_STRING -> AttributeValue.fromS(parser.getText());
      case VALUE_TRUE, VALUE_FALSE -> AttributeValue.fromBool(token == JsonToken.VALUE_TRUE);
      case VALUE_NULL -> AttributeValue.fromNul(true);
      default -> AttributeValue.fromN(parser.getText());
    };
  }
}
