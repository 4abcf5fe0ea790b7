/**
 * A persistent HTTP response cache: the cache and its settings, values, rules, keys, serializers,
 * storage interface.
 */
@org.jspecify.annotations.NullMarked
module dev.larder.core {
  requires transitive java.net.http;
  requires transitive org.jspecify;
  requires org.slf4j;
  requires com.github.benmanes.caffeine;
  requires com.fasterxml.jackson.core;

  exports dev.larder;
  exports dev.larder.http;
  exports dev.larder.jdk;
  exports dev.larder.key;
  exports dev.larder.policy;
  exports dev.larder.serial;
  exports dev.larder.storage;
}
