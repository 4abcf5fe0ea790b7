package dev.larder;

/**
 * Is told of {@link CacheEvent}s. Called on the thread on which the event happens, so it should be
 * quick; what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface CacheListener {
  /** Called once for each event. */
  void onEvent(CacheEvent event);
}
