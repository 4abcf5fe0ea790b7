package dev.larder.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Carries what was in the way of a conditional write to where it becomes an answer. */
final class ConditionFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final transient Map<String, AttributeValue> holder;
  final boolean repeated;

  /**
   * A failed condition.
   *
   * @param holder what was in the way; empty if nothing
   * @param repeated whether the request was sent more than once
   */
  ConditionFailed(Map<String, AttributeValue> holder, boolean repeated) {
    super("condition failed", null, false, false);
    this.holder = holder;
    this.repeated = repeated;
  }
}
