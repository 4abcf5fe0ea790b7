package dev.larder.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The update expression that makes some attributes of an item what they are in another: set where
 * there, removed where not.
 */
final class HeadUpdate {
  private HeadUpdate() {}

  static String expression(
      Map<String, AttributeValue> wanted, List<String> attributes, Expression expression) {
    List<String> set = new ArrayList<>();
    List<String> remove = new ArrayList<>();
    for (String attribute : attributes) {
      AttributeValue value = wanted.get(attribute);
      if (value == null) {
        remove.add(expression.name(attribute));
      } else {
        set.add(expression.name(attribute) + " = " + expression.value(value));
      }
    }
    return (set.isEmpty() ? "" : "SET " + String.join(", ", set))
        + (remove.isEmpty() ? "" : " REMOVE " + String.join(", ", remove));
  }
}
