/** The cache and a concurrent map, kept in a DynamoDB table. */
@org.jspecify.annotations.NullMarked
module dev.larder.dynamodb {
  requires transitive dev.larder.core;
  requires com.fasterxml.jackson.core;
  requires com.github.benmanes.caffeine;
  requires org.slf4j;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.apache5;
  requires software.amazon.awssdk.metrics;
  requires transitive software.amazon.awssdk.auth;
  requires transitive software.amazon.awssdk.awscore;
  requires transitive software.amazon.awssdk.core;
  requires transitive software.amazon.awssdk.regions;
  requires transitive software.amazon.awssdk.services.dynamodb;

  exports dev.larder.dynamodb;
}
