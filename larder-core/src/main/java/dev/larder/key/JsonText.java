package dev.larder.key;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One spelling for all JSON texts that mean the same to every reader: without white space, members
 * sorted by name, characters escaped only where they have to be. Numbers stay as they are written,
 * but for the sign and case of an exponent: to some readers {@code 1} and {@code 1.0} are two
 * things.
 *
 * <p>The text is written member by member into one buffer. Where an object turns out not to be
 * sorted, its members change places there, so that no tree of objects is needed.
 */
final class JsonText {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(200)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private record Member(String name, int start, int end) {}

  private final JsonParser parser;
  private final Set<String> ignored;
  private final StringBuilder text;

  private JsonText(JsonParser parser, Set<String> ignored, int capacity) {
    this.parser = parser;
    this.ignored = ignored;
    this.text = new StringBuilder(capacity);
  }

  /**
   * The one spelling, without the ignored members at any depth. Empty if readers may not agree on
   * what the text says: if it is not one JSON value in UTF-8, if an object has two members of one
   * name, or if it is nested more than 200 deep.
   */
  static Optional<String> canonical(byte[] json, Set<String> ignored) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      try (JsonParser parser = JSON.createParser(text)) {
        JsonText canonical = new JsonText(parser, ignored, text.length());
        canonical.write(parser.nextToken());
        return parser.nextToken() == null
            ? Optional.of(canonical.text.toString())
            : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void write(@Nullable JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      writeObject();
    } else if (token == JsonToken.START_ARRAY) {
      writeArray();
    } else if (token == JsonToken.VALUE_STRING) {
      writeString(parser.getText());
    } else if (token != null && token.isNumeric()) {
      text.append(parser.getText().replace('E', 'e').replace("e+", "e"));
    } else if (token != null && token.isScalarValue()) {
      text.append(token.asString());
    } else {
      throw new IOException("no value where one is expected");
    }
  }

  private void writeArray() throws IOException {
    text.append('[');
    boolean any = false;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      text.append(any ? "," : "");
      write(token);
      any = true;
    }
    text.append(']');
  }

  private void writeObject() throws IOException {
    text.append('{');
    List<Member> members = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int first = text.length();
    boolean sorted = true;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (!names.add(name)) {
        throw new IOException("two members have one name");
      }
      int start = text.length();
      writeString(name);
      text.append(':');
      write(parser.nextToken());
      text.append(',');
      if (ignored.contains(name)) {
        text.setLength(start);
        continue;
      }
      sorted &= members.isEmpty() || members.get(members.size() - 1).name().compareTo(name) < 0;
      members.add(new Member(name, start, text.length()));
    }
    if (!sorted) {
      sort(members, first);
    }
    text.append('}');
  }

  private void sort(List<Member> members, int first) {
    String unsorted = text.substring(first);
    text.setLength(first);
    members.sort(Comparator.comparing(Member::name));
    members.forEach(member -> text.append(unsorted, member.start() - first, member.end() - first));
  }

  /** Quotes and backslashes are escaped; nothing else has to be to tell strings apart. */
  private void writeString(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c);
    }
    text.append('"');
  }
}
