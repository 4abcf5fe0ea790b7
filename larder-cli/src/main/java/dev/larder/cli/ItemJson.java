package dev.larder.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item as the DynamoDB console shows it: DynamoDB JSON, an attribute a line. */
final class ItemJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** Objects on one line, with spaces where people put them. */
  private static final DefaultPrettyPrinter LAYOUT =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
          .withObjectIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance);

  /** First what it is, last the body; what lies between comes in the order of the alphabet. */
  private static final List<String> FIRST = List.of("key", "k", "v", "ver", "url", "status");

  private static final String LAST = "body";

  private ItemJson() {}

  static List<String> lines(Map<String, AttributeValue> item) {
    List<Map.Entry<String, AttributeValue>> attributes = new ArrayList<>(item.entrySet());
    attributes.sort(
        Comparator.comparing(
            Map.Entry::getKey,
            Comparator.comparingInt(ItemJson::rank).thenComparing(Comparator.naturalOrder())));
    List<String> lines = new ArrayList<>(List.of("{"));
    for (Map.Entry<String, AttributeValue> attribute : attributes) {
      String comma = lines.size() < attributes.size() ? "," : "";
      lines.add("  " + member(attribute.getKey(), attribute.getValue()) + comma);
    }
    lines.add("}");
    return lines;
  }

  private static int rank(String name) {
    int first = FIRST.indexOf(name);
    return first >= 0 ? first : name.equals(LAST) ? FIRST.size() + 1 : FIRST.size();
  }

  private static String member(String name, AttributeValue value) {
    return json(out -> out.writeString(name)) + ": " + json(out -> write(out, value));
  }

  private static void write(JsonGenerator out, AttributeValue value) throws IOException {
    out.writeStartObject();
    out.writeFieldName(value.type() == AttributeValue.Type.NUL ? "NULL" : value.type().name());
    switch (value.type()) {
      case S -> out.writeString(value.s());
      case N -> out.writeString(value.n());
      case B -> out.writeString(Base64.getEncoder().encodeToString(value.b().asByteArray()));
      case BOOL -> out.writeBoolean(value.bool());
      case NUL -> out.writeBoolean(true);
      case SS -> writeStrings(out, value.ss());
      case NS -> writeStrings(out, value.ns());
      case BS ->
          writeStrings(
              out,
              value.bs().stream()
                  .map(b -> Base64.getEncoder().encodeToString(b.asByteArray()))
                  .toList());
      case L -> {
        out.writeStartArray();
        for (AttributeValue element : value.l()) {
          write(out, element);
        }
        out.writeEndArray();
      }
      case M -> {
        out.writeStartObject();
        for (Map.Entry<String, AttributeValue> member : value.m().entrySet()) {
          out.writeFieldName(member.getKey());
          write(out, member.getValue());
        }
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("an attribute of no known type: " + value);
    }
    out.writeEndObject();
  }

  private static void writeStrings(JsonGenerator out, List<String> texts) throws IOException {
    out.writeStartArray();
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  private interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  private static String json(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.setPrettyPrinter(LAYOUT.createInstance());
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
