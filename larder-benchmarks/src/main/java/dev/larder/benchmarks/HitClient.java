package dev.larder.benchmarks;

import java.io.IOException;

/** A client with a cache in memory, as one thread of a benchmark uses it. */
interface HitClient extends AutoCloseable {
  /** Fetches one of the origin's documents, its body as one array. */
  byte[] get(int document) throws IOException, InterruptedException;

  /**
   * Fetches a document, and whether it came from the cache without asking the origin, by the
   * client's own account.
   */
  boolean isHit(int document) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
