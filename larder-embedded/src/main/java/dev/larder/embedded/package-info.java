/**
 * Starts DynamoDB Local inside the running program, in memory or on a directory that several
 * processes share. {@link dev.larder.embedded.EmbeddedDynamoDb} is the only public type; nothing
 * here imports another package of Larder.
 */
package dev.larder.embedded;
