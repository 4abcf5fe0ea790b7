package dev.larder.dynamodb;

/** A concurrent map in a DynamoDB table. */
public final class DynamoDbMap {
  private DynamoDbMap() {}

  /** Collects options. */
  public static final class Builder extends TableBuilder<Builder> {
    Builder() {}

    @Override
    Builder self() {
      return this;
    }
  }
}
