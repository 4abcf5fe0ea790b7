package dev.larder.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a response's head has come, held back until it is whole, and changed in one case: a
 * {@code Transfer-Encoding} that is the name of no coding. Such a response ends with its connection
 * (RFC 9112 §6.3), which is just what Jetty takes it for without the field, while it refuses it
 * with the field.
 *
 * <p>Nothing can be smuggled by that. All that comes after such a head on this connection is its
 * body, and whatever could be read in two ways is left as it is, for Jetty to refuse: a field that
 * comes twice, or with a length beside it, or on two lines, a list, line ends other than CRLF. So
 * are codings that there are: without its coding the body would be another one.
 *
 * <p>Not thread-safe.
 */
final class ResponseHeads {
  private static final String CODING = "transfer-encoding";

  /** What transfers or contents are encoded with (RFC 9110 §8.4.1, RFC 9112 §7). */
  private static final Set<String> CODINGS =
      Set.of("br", "chunked", "compress", "deflate", "gzip", "x-compress", "x-gzip", "zstd");

  private static final Pattern CODING_LINE =
      Pattern.compile(CODING + ":[ \\t]*([!#$%&'*+.^_`|~0-9a-z-]+)[ \\t]*");
  private static final Pattern INTERIM = Pattern.compile("HTTP/1\\.1 1(?!01)[0-9]{2}( .*)?");
  private static final Pattern FINAL = Pattern.compile("HTTP/1\\.1 [2-9][0-9]{2}( .*)?");

  private final int limit;
  private ByteArrayOutputStream held = new ByteArrayOutputStream();
  private int lineLength;
  private boolean whole;

  /**
   * For one response.
   *
   * @param limit what is longer is not held back
   */
  ResponseHeads(int limit) {
    this.limit = limit;
  }

  /** Takes what has come. */
  void add(byte[] bytes) {
    for (byte next : bytes) {
      held.write(next);
      if (whole) {
        continue;
      }
      if (next == '\n') {
        if (lineLength == 0) {
          endOfHead();
        }
        lineLength = 0;
      } else if (next != '\r') {
        lineLength++;
      }
    }
    whole |= held.size() > limit;
  }

  /** Whether the head of the answer itself is there, after those of interim responses. */
  boolean isWhole() {
    return whole;
  }

  /** What is to be read instead of what was added. */
  byte[] bytes() {
    return held.toByteArray();
  }

  private void endOfHead() {
    String text = held.toString(StandardCharsets.ISO_8859_1);
    int start = startOfLast(text);
    String[] lines = text.substring(start).split("\r\n", -1);
    if (INTERIM.matcher(lines[0]).matches()) {
      return;
    }
    whole = true;
    without(lines)
        .ifPresent(
            head -> {
              held = new ByteArrayOutputStream();
              held.writeBytes(
                  (text.substring(0, start) + head).getBytes(StandardCharsets.ISO_8859_1));
            });
  }

  /** Where the last head begins: each ends with an empty line. */
  private static int startOfLast(String text) {
    int end = text.lastIndexOf("\r\n\r\n", text.length() - 5);
    return end < 0 ? 0 : end + 4;
  }

  /** The head without the field, if it is a case for that. */
  private static Optional<String> without(String[] lines) {
    if (!FINAL.matcher(lines[0]).matches()) {
      return Optional.empty();
    }
    List<String> kept = new ArrayList<>();
    int left = 0;
    for (String line : lines) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (line.indexOf('\r') >= 0
          || line.indexOf('\n') >= 0
          || line.startsWith(" ")
          || line.startsWith("\t")
          || lower.startsWith("content-length")) {
        return Optional.empty();
      }
      if (!lower.startsWith(CODING)) {
        kept.add(line);
      } else if (isNoCoding(lower)) {
        left++;
      } else {
        return Optional.empty();
      }
    }
    return left == 1 ? Optional.of(String.join("\r\n", kept)) : Optional.empty();
  }

  private static boolean isNoCoding(String line) {
    Matcher field = CODING_LINE.matcher(line);
    return field.matches() && !CODINGS.contains(field.group(1));
  }
}
