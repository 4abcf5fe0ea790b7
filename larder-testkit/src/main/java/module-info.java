/** For testing storages and programs that use Larder. */
@org.jspecify.annotations.NullMarked
module dev.larder.testkit {
  requires static transitive dev.larder.embedded;
  requires static transitive software.amazon.awssdk.services.dynamodb;
  requires transitive org.junit.jupiter.api;
  requires static org.jspecify;

  exports dev.larder.testkit;
}
