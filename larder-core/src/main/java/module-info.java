/** A persistent HTTP response cache: values, storage interface, serializers. */
@org.jspecify.annotations.NullMarked
module dev.larder.core {
  requires transitive org.jspecify;
  requires org.slf4j;
  requires com.github.benmanes.caffeine;
  requires com.fasterxml.jackson.core;

  exports dev.larder.http;
  exports dev.larder.serial;
  exports dev.larder.storage;
}
