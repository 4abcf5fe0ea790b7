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
 * The heads of a response, interim ones first, each held back until it is whole, and changed in one
 * case: a {@code Transfer-Encoding} that is the name of no coding. Such a response ends with its
 * connection (RFC 9112 §6.3), which is just what Jetty takes it for without the field, while it
 * refuses it with the field.
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
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final ByteArrayOutputStream ready = new ByteArrayOutputStream();
  private int lineLength;
  private boolean complete;

  /**
   * For one response.
   *
   * @param limit a head that is longer is not held back
   */
  ResponseHeads(int limit) {
    this.limit = limit;
  }

  /** Takes what has come. */
  void add(byte[] bytes) {
    for (byte next : bytes) {
      if (complete) {
        ready.write(next);
        continue;
      }
      head.write(next);
      if (next == '\n') {
        if (lineLength == 0) {
          endOfHead();
        }
        lineLength = 0;
      } else if (next != '\r') {
        lineLength++;
      }
    }
    if (head.size() > limit) {
      end();
    }
  }

  /** Nothing more comes: what is held back is to be read as it is. */
  void end() {
    complete = true;
    ready.writeBytes(head.toByteArray());
    head.reset();
  }

  /** Whether the head of the answer itself is there, after those of interim responses. */
  boolean isComplete() {
    return complete;
  }

  /** What is to be read now; each byte once. */
  byte[] take() {
    byte[] bytes = ready.toByteArray();
    ready.reset();
    return bytes;
  }

  /** Whether there is something to be read. */
  boolean isReady() {
    return ready.size() > 0;
  }

  private void endOfHead() {
    String text = head.toString(StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\r\n", -1);
    complete = !INTERIM.matcher(lines[0]).matches();
    ready.writeBytes(
        complete
            ? without(lines).orElse(text).getBytes(StandardCharsets.ISO_8859_1)
            : head.toByteArray());
    head.reset();
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
