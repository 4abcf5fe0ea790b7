package dev.larder.dynamodb;

import dev.larder.storage.StorageException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A client that is made when first used, because finding the region may ask the network and
 * building a cache must not. Closes the client only if it made it. Thread-safe.
 */
final class LazyClient implements AutoCloseable {
  private final Supplier<DynamoDbClient> factory;
  private final boolean owned;
  private @Nullable DynamoDbClient client;
  private boolean closed;

  private LazyClient(Supplier<DynamoDbClient> factory, boolean owned) {
    this.factory = factory;
    this.owned = owned;
  }

  static LazyClient given(DynamoDbClient client) {
    return new LazyClient(() -> client, false);
  }

  static LazyClient made(Supplier<DynamoDbClient> factory) {
    return new LazyClient(factory, true);
  }

  synchronized DynamoDbClient get() {
    checkOpen();
    if (client == null) {
      try {
        client = factory.get();
      } catch (SdkException e) {
        throw new StorageException(
            "no DynamoDB client could be made: "
                + e.getMessage()
                + "; set a region with .region(..), AWS_REGION or the profile, or pass a client with .client(..)",
            e,
            StorageException.Kind.UNUSABLE);
      }
    }
    return client;
  }

  /** What a request needs that carries many items; nothing with a client that was given. */
  Consumer<AwsRequestOverrideConfiguration.Builder> forMany() {
    return request -> {
      if (owned) {
        ClientOptions.forMany(request);
      }
    };
  }

  synchronized void checkOpen() {
    if (closed) {
      throw new StorageException("it is closed; build a new one to go on");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (owned && client != null) {
      client.close();
    }
  }
}
