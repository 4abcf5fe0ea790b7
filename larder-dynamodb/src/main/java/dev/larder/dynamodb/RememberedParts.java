package dev.larder.dynamodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.http.EntryHead;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the bodies are that have been read lately, so that the next hit asks for an entry and its
 * parts together instead of one after the other.
 *
 * <p>It is a guess: the entry says where its parts are, and if they are elsewhere by now, what was
 * read of the old ones is thrown away and paid for. So a guess is used up by being taken and made
 * anew when the body is read; it is made for short bodies only; and it is not used once the entry
 * has expired, since the origin may well send another body then.
 *
 * <p>Thread-safe.
 */
final class RememberedParts {
  /** What a wrong guess costs at most is what reading this much costs. */
  static final long MOST_BYTES = 1 << 20;

  /** Besides the entry itself in one request. */
  private static final int MOST_PARTS = TableGateway.READ_BATCH - 1;

  private static final int MAX_KEYS = 10_000;

  private final Cache<String, Guess> guesses =
      Caffeine.newBuilder().maximumSize(MAX_KEYS).executor(Runnable::run).build();

  private record Guess(PartList list, Optional<Instant> expires) {
    boolean isFresh(Instant now) {
      return expires.map(now::isBefore).orElse(true);
    }
  }

  /** The body of this entry has been read from these parts. */
  void add(String itemKey, EntryHead head, PartList list) {
    if (head.length() <= MOST_BYTES && list.count() <= MOST_PARTS) {
      guesses.put(itemKey, new Guess(list, head.expires()));
    }
  }

  boolean contains(String itemKey, Instant now) {
    Guess guess = guesses.getIfPresent(itemKey);
    return guess != null && guess.isFresh(now);
  }

  /** Takes the guess for an entry: at most one list. */
  List<PartList> take(String itemKey, Instant now) {
    Guess guess = guesses.asMap().remove(itemKey);
    return guess != null && guess.isFresh(now) ? List.of(guess.list()) : List.of();
  }
}
