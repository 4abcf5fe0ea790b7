package dev.larder.dynamodb;

/**
 * What was in a table and of no use to anybody. Immutable.
 *
 * @param over items past their time to live that DynamoDB had not swept yet
 * @param purged entries that a {@linkplain DynamoDbCache#purge() purge} had made void
 * @param parts parts of bodies that no entry referred to, and that are an hour old
 */
public record Garbage(long over, long purged, long parts) {}
