package dev.larder.dynamodb;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The names and values of one request's expressions. Every attribute name goes through a {@code #}
 * placeholder: many of ours are reserved words in DynamoDB. Not thread-safe.
 */
final class Expression {
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, AttributeValue> values = new HashMap<>();

  /** The placeholder of an attribute name. */
  String name(String attribute) {
    String placeholder = "#" + attribute;
    names.put(placeholder, attribute);
    return placeholder;
  }

  /** A placeholder for a value. */
  String value(AttributeValue value) {
    String placeholder = ":v" + values.size();
    values.put(placeholder, value);
    return placeholder;
  }

  String value(String text) {
    return value(AttributeValue.fromS(text));
  }

  /** {@code attribute = text}. */
  String equal(String attribute, String text) {
    return name(attribute) + " = " + value(text);
  }

  String exists(String attribute) {
    return "attribute_exists(" + name(attribute) + ")";
  }

  String missing(String attribute) {
    return "attribute_not_exists(" + name(attribute) + ")";
  }

  /**
   * The item's time to live is not over. True of items without one, and of those where it is no
   * number.
   */
  String alive(Instant now) {
    return "NOT "
        + name(Attributes.TTL)
        + " <= "
        + value(AttributeValue.fromN(Long.toString(now.getEpochSecond())));
  }

  Map<String, String> names() {
    return names;
  }

  Map<String, AttributeValue> values() {
    return values;
  }
}
