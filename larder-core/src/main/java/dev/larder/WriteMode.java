package dev.larder;

import dev.larder.storage.ResponseStorage;
import java.util.Map;

/** When clients store what origins send them. */
public enum WriteMode {
  /**
   * {@link #BEHIND}; but {@link #SYNC} where storing takes no time, as in memory, and on AWS
   * Lambda, which stops a process as soon as it has answered.
   */
  AUTO,
  /**
   * Behind the caller, who gets the response at once: a few threads write what waits in a queue.
   * Clients of the same cache find what waits there as if it were stored. The cache's other methods
   * wait first until it is. Other processes see it a moment later.
   *
   * <p>The queue shares {@code recordingBudget} with the bodies that are being collected; what
   * finds no room is not stored, and is a {@link CacheEvent}. What could not be written is not
   * tried again. What waits when the process ends without {@link HttpCache#close()} is lost.
   */
  BEHIND,
  /** Before the caller sees the end of the response. */
  SYNC;

  /** Set by AWS Lambda in every process that runs a function. */
  private static final String LAMBDA = "AWS_LAMBDA_FUNCTION_NAME";

  boolean isBehind(ResponseStorage storage, Map<String, String> environment) {
    return this == BEHIND
        || (this == AUTO && !storage.isLocal() && !environment.containsKey(LAMBDA));
  }
}
