package dev.larder;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far an operation has come in each segment of the storage. The token is {@code 1} and, for
 * each segment, a point and the key of the last entry dealt with in Base64; an asterisk if there
 * are no more; nothing if there was none yet. Not thread-safe.
 */
final class SegmentPositions {
  private static final String VERSION = "1";
  private static final String DONE = "*";
  private static final int MAX_SEGMENTS = 1000;

  private final String[] positions;

  private SegmentPositions(String[] positions) {
    this.positions = positions;
  }

  /** The beginning of so many segments. */
  static SegmentPositions begin(int segments) {
    return new SegmentPositions(Stream.generate(() -> "").limit(segments).toArray(String[]::new));
  }

  /**
   * Where a token was made.
   *
   * @param operation what it is to be a token of, for the message
   * @throws IllegalArgumentException if it is none
   */
  static SegmentPositions parse(String token, String operation) {
    List<String> parts = List.of(token.split("\\.", -1));
    boolean sound =
        parts.get(0).equals(VERSION)
            && parts.size() > 1
            && parts.size() <= MAX_SEGMENTS + 1
            && parts.stream().skip(1).allMatch(SegmentPositions::isPosition);
    if (!sound) {
      throw new IllegalArgumentException(
          "\"" + token + "\" is no token of " + operation + "; leave it out to begin again");
    }
    return new SegmentPositions(parts.stream().skip(1).toArray(String[]::new));
  }

  private static boolean isPosition(String part) {
    return part.isEmpty() || part.equals(DONE) || key(part).isPresent();
  }

  private static Optional<String> key(String position) {
    try {
      return Optional.of(
              new String(Base64.getUrlDecoder().decode(position), StandardCharsets.UTF_8))
          .filter(key -> !key.isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  int segments() {
    return positions.length;
  }

  boolean isDone(int segment) {
    return positions[segment].equals(DONE);
  }

  /** The key of the last entry that was dealt with. */
  Optional<String> after(int segment) {
    return isDone(segment) ? Optional.empty() : key(positions[segment]);
  }

  void dealtWith(int segment, String key) {
    positions[segment] =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  void done(int segment) {
    positions[segment] = DONE;
  }

  String token() {
    return Stream.of(positions).collect(Collectors.joining(".", VERSION + ".", ""));
  }
}
