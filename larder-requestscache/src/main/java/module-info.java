/** The cache keys of the Python library requests-cache. */
@org.jspecify.annotations.NullMarked
module dev.larder.requestscache {
  requires transitive dev.larder.core;
  requires com.ibm.icu;

  exports dev.larder.requestscache;
}
