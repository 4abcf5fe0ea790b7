/**
 * A response cache and a concurrent map in a DynamoDB table, over one table gateway. Imports {@code
 * larder-core} and the AWS SDK's low-level client.
 */
package dev.larder.dynamodb;
