package dev.larder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Replaces the values of some members of JSON objects, at any depth, and no other character. */
final class JsonRedactor {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String REPLACEMENT = '"' + Redactor.REDACTED + '"';

  private JsonRedactor() {}

  /**
   * The text without the values of these members. A text that is no JSON but has one of the names
   * in it is replaced as a whole: where its secrets begin and end cannot be told.
   */
  static String redact(String text, SecretNames names) {
    StringBuilder redacted = new StringBuilder(text.length());
    int copied = 0;
    try (JsonParser parser = JSON.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && names.contains(parser.currentName())) {
          parser.nextToken();
          int start = (int) parser.currentTokenLocation().getCharOffset();
          parser.skipChildren();
          parser.finishToken();
          redacted.append(text, copied, start).append(REPLACEMENT);
          copied = (int) parser.currentLocation().getCharOffset();
        }
      }
    } catch (IOException e) {
      return names.occurIn(text) ? Redactor.REDACTED : text;
    }
    return redacted.append(text, copied, text.length()).toString();
  }
}
