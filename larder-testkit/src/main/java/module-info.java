/**
 * For testing storages and code that uses Larder. JUnit, AssertJ, the AWS SDK and the embedded
 * DynamoDB are needed only by the classes that use them.
 */
@org.jspecify.annotations.NullMarked
module dev.larder.testkit {
  requires transitive dev.larder.core;
  requires com.fasterxml.jackson.core;
  requires static transitive dev.larder.embedded;
  requires static transitive org.assertj.core;
  requires static transitive org.junit.jupiter.api;
  requires static transitive org.junit.jupiter.params;
  requires static transitive software.amazon.awssdk.core;
  requires static transitive software.amazon.awssdk.services.dynamodb;

  exports dev.larder.testkit;
  exports dev.larder.testkit.dynamodb;

  opens dev.larder.testkit to
      org.junit.platform.commons;
}
