package dev.larder.dynamodb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An update expression that makes some attributes of an item what they are in another: set where
 * there, removed where not. Not thread-safe.
 */
final class HeadUpdate {
  private final Expression expression;
  private final List<String> set = new ArrayList<>();
  private final List<String> remove = new ArrayList<>();

  HeadUpdate(Expression expression) {
    this.expression = expression;
  }

  /**
   * Adds attributes of the item, or members of one of its maps.
   *
   * @param map the name of the map; empty for the item itself
   */
  HeadUpdate attributes(String map, Collection<String> names, Map<String, AttributeValue> wanted) {
    String path = map.isEmpty() ? "" : expression.name(map) + ".";
    for (String name : names) {
      AttributeValue value = wanted.get(name);
      if (value == null) {
        remove.add(path + expression.name(name));
      } else {
        set.add(path + expression.name(name) + " = " + expression.value(value));
      }
    }
    return this;
  }

  String text() {
    return (set.isEmpty() ? "" : "SET " + String.join(", ", set))
        + (remove.isEmpty() ? "" : " REMOVE " + String.join(", ", remove));
  }
}
