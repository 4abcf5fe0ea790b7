package dev.larder.embedded;

import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;

/** A database nobody else can take over: it is gone with its server. */
final class MemoryHost implements Host {
  private final LocalServer server;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MemoryHost(LocalServer server) {
    this.server = server;
  }

  static MemoryHost start() {
    return new MemoryHost(LocalServer.start(null));
  }

  @Override
  public URI endpoint() {
    if (closed.get()) {
      throw new IllegalStateException(
          "This embedded DynamoDB is closed; start another one with EmbeddedDynamoDb.inMemory()");
    }
    return server.address().endpoint();
  }

  @Override
  public URI endpointAfter(URI failed) {
    return endpoint();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.close();
    }
  }
}
