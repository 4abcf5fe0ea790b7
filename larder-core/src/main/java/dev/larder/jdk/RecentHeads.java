package dev.larder.jdk;

import dev.larder.Answer;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Heads of answers as the JDK has them, for answers with the same fields: those to a stored
 * response that is asked for again within a second, which is as long as {@code Age} stays the same.
 * Making the JDK's fields is the dearest part of a hit otherwise, and there is but one way to do
 * it.
 *
 * <p>A few of the latest are kept, one for each place, and whoever comes later takes the place.
 * Thread-safe: what is kept is immutable, and compared with what is asked for.
 */
final class RecentHeads {
  private static final int PLACES = 256;

  private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

  private record Known(int status, Headers fields, HeadInfo head) {
    boolean isOf(Answer answer) {
      return status == answer.status() && fields.equals(answer.headers());
    }
  }

  /** The head of an answer. */
  HeadInfo of(Answer answer) {
    Optional<EntryHead> entry = answer.entry();
    int place = entry.isPresent() ? entry.get().key().hashCode() & (PLACES - 1) : 0;
    Known known = places.getAcquire(place);
    if (known != null && known.isOf(answer)) {
      return known.head();
    }
    HeadInfo head = HeadInfo.of(answer.status(), answer.headers(), HttpClient.Version.HTTP_1_1);
    places.setRelease(place, new Known(answer.status(), answer.headers(), head));
    return head;
  }
}
