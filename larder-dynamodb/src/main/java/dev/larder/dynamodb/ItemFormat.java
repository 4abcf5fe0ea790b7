package dev.larder.dynamodb;

/** How a {@link DynamoDbCache} lays out what it writes. Every cache reads both. */
public enum ItemFormat {
  /** Larder's own layout: flat attributes, bodies byte for byte. The default. */
  NATIVE,

  /**
   * The layout of the Python library requests-cache (1.3, default serializer), with Larder's
   * attributes beside it, so that a Java and a Python program share one table. Content codings
   * (gzip, deflate) are removed from bodies, as requests-cache does; the decoded response is served
   * without {@code Content-Encoding} and counts as not {@linkplain
   * dev.larder.http.EntryHead#exact() exact}. Sharing also needs requests-cache's keys.
   */
  REQUESTS_CACHE
}
