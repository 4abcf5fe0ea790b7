package dev.larder.dynamodb;

/** A cache in a DynamoDB table. */
public final class DynamoDbCache {
  private DynamoDbCache() {}

  /** Collects options. */
  public static final class Builder extends TableBuilder<Builder> {
    Builder() {}

    @Override
    Builder self() {
      return this;
    }
  }
}
