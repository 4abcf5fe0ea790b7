package dev.larder.dynamodb;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Stands in for {@code ver} in items of requests-cache, which have none: the time of creation, as
 * the item has it, which is another on each full write. So removing and changing such an item can
 * be conditional as it is with ours.
 *
 * @param text what entries have for a version; never the same as one of ours
 */
record PythonVersion(String text) {
  private static final String PREFIX = "created_at ";
  private static final String CREATED_AT = "created_at";

  static boolean isOne(String version) {
    return version.startsWith(PREFIX);
  }

  /** The version of an item; empty if it has nothing to tell it by. */
  static PythonVersion of(Map<String, AttributeValue> item) {
    AttributeValue value = item.get(Attributes.VALUE);
    AttributeValue created = RequestsCacheReader.document(item).fields().get(CREATED_AT);
    String place = value == null || value.hasM() ? "M" : value.s() != null ? "S" : "B";
    if (created != null && created.s() != null) {
      return new PythonVersion(PREFIX + place + " S " + created.s());
    }
    return new PythonVersion(
        created != null && created.n() != null
            ? PREFIX + place + " N " + created.n()
            : PREFIX + place + " -");
  }

  /** The condition that an item of another program has this version. */
  String condition(Expression expression, Instant now) {
    String[] parts = text.substring(PREFIX.length()).split(" ", 3);
    String value = expression.name(Attributes.VALUE);
    String theirs = expression.missing(Attributes.KIND) + " AND " + expression.alive(now) + " AND ";
    if (!parts[0].equals("M")) {
      // Within a text it can only be looked for; within bytes, as bytes.
      if (parts.length < 3) {
        return theirs + expression.exists(Attributes.VALUE);
      }
      AttributeValue text =
          parts[0].equals("S")
              ? AttributeValue.fromS(parts[2])
              : AttributeValue.fromB(SdkBytes.fromUtf8String(parts[2]));
      return theirs + "contains(" + value + ", " + expression.value(text) + ")";
    }
    String path = value + "." + expression.name(CREATED_AT);
    return theirs
        + switch (parts[1]) {
          case "S" -> path + " = " + expression.value(parts[2]);
          case "N" -> path + " = " + expression.value(AttributeValue.fromN(parts[2]));
          default -> "attribute_not_exists(" + path + ")";
        };
  }
}
