package dev.larder.dynamodb;

/** Caches that do not wait before they repeat what DynamoDB has left of a batch. */
public final class NoPauses {
  private NoPauses() {}

  public static DynamoDbCache.Builder builder() {
    return DynamoDbCache.builder().sleeper(pause -> {});
  }
}
