package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import java.util.List;
import java.util.Optional;

/**
 * A response made from what is stored, ready for the caller. Immutable.
 *
 * @param status the status code
 * @param headers the field lines, {@code Age} and {@code Cache-Status} among them
 * @param body the content; if it is not in memory, the first stream of it is open already
 * @param entry the stored response it was made from; empty for one that says there is none
 */
public record Answer(int status, Headers headers, Body body, Optional<EntryHead> entry) {
  /** The same with its body open. */
  Answer with(Body opened) {
    return opened.equals(body) ? this : new Answer(status, headers, opened, entry);
  }

  /** The same with more field lines. */
  Answer with(List<Headers.Field> more) {
    if (more.isEmpty()) {
      return this;
    }
    Headers.Builder all = Headers.builder().addAll(headers);
    more.forEach(field -> all.add(field.name(), field.value()));
    return new Answer(status, all.build(), body, entry);
  }
}
