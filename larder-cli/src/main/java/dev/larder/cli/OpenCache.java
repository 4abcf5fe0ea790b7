package dev.larder.cli;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A cache and, if there is one, the embedded DynamoDB underneath, which is closed with it.
 *
 * @param cache ready for use
 * @param embedded what it is kept in, if that is not elsewhere
 */
record OpenCache(DynamoDbCache cache, Optional<EmbeddedDynamoDb> embedded)
    implements AutoCloseable {

  /** On the DynamoDB that the builder knows. Sends nothing. */
  static OpenCache remote(DynamoDbCache.Builder builder) {
    return new OpenCache(builder.build(), Optional.empty());
  }

  /**
   * On an embedded DynamoDB, which may be served by another process. On AWS it would be wrong to
   * look for the table at each start; here it costs a millisecond and takes the creation out of the
   * first request.
   */
  static OpenCache embedded(DynamoDbCache.Builder builder, Path home) {
    EmbeddedDynamoDb dynamo = EmbeddedDynamoDb.inFile(home.resolve("dynamodb"));
    OpenCache opened = new OpenCache(builder.client(dynamo.client()).build(), Optional.of(dynamo));
    try {
      opened.cache.prepare();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      cache.close();
    } finally {
      embedded.ifPresent(EmbeddedDynamoDb::close);
    }
  }
}
