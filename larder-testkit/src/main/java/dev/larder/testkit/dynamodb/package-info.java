/**
 * Wrappers around a {@code DynamoDbClient} that show what DynamoDB does and DynamoDB Local does
 * not: stale reads, sweeps by time to live, throttling, lost answers, partial batches; and a proxy
 * for what goes wrong below the client. Needs the AWS SDK and nothing else of ours.
 */
package dev.larder.testkit.dynamodb;
