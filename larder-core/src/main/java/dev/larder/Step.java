package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import java.util.concurrent.CompletionStage;

/** What a client has to do next for a request; see {@link Exchange}. */
public sealed interface Step {
  /**
   * Give the caller this answer, and nothing of what the origin may be sending. After the origin
   * was asked, a body that is not in memory is to be {@linkplain Exchange#opened opened} first.
   *
   * @param refresh whether {@link Exchange#refresh()} is to be sent in the background
   */
  record Serve(Answer answer, boolean refresh) implements Step {}

  /**
   * Another request for the same is under way, in this process or in another. When this stage
   * completes, which it always does, call {@link Exchange#resume}; if the caller is gone by then,
   * {@link Exchange#abandon} instead, at once.
   */
  record Follow(CompletionStage<?> landing) implements Step {}

  /**
   * Send the request to the origin.
   *
   * @param headers all field lines to send, the caller's among them
   */
  record Forward(Headers headers) implements Step {}

  /**
   * Give the caller the origin's response.
   *
   * @param headers its field lines, {@code Cache-Status} among them
   */
  record Pass(Headers headers) implements Step {}

  /**
   * Give the caller the origin's response and each of its bytes to the recording, too.
   *
   * @param headers its field lines, {@code Cache-Status} among them
   * @param unstored the same if it turns out that it could not be stored
   */
  record Store(Headers headers, Headers unstored, Recording recording) implements Step {}

  /**
   * Give the caller a response made of what is stored and what the origin sends.
   *
   * @param status its status code
   * @param headers its field lines
   * @param before what comes before the origin's bytes
   * @param recording takes the origin's bytes
   * @param length how many bytes the origin has to send; more or fewer are a broken body
   * @param after what comes behind them
   */
  record Combine(
      int status, Headers headers, Body before, Recording recording, long length, Body after)
      implements Step {}
}
