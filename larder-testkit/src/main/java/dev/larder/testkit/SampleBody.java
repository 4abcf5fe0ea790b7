package dev.larder.testkit;

import dev.larder.http.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** A body that some way of storing bytes would change. */
record SampleBody(String name, Body body) {
  static final int LARGE = 200 * 1024;

  static Stream<SampleBody> all() {
    return Stream.of(
        of("empty"),
        of("a single NUL", 0),
        of("a single byte", 'x'),
        of("a single byte that is not UTF-8", 0xFF),
        of("plain text", "Hello, world.\n"),
        of("white space around", " \t\r\n text \r\n\t "),
        of("letters beyond ASCII and beyond the BMP", "naïve Straße 日本 \uD83D\uDE00"),
        of("text that is not normalised", "e\u0301 \u00E9 \uFB01 \u212B"),
        of("JSON with odd spacing and numbers", JSON),
        of("JSON that is one number", "1.0"),
        of("JSON that is one string", "\"text\""),
        of("JSON null", "null"),
        of("base64", "SGVsbG8="),
        of("byte order mark", 0xEF, 0xBB, 0xBF, 'a', 'b', 'c'),
        of("UTF-16 with byte order mark", 0xFF, 0xFE, 'a', 0),
        of("control characters", "a\u0000b\u0001c\u0007d\u001Be\u007Ff\u0085g\u2028h"),
        of("a surrogate in UTF-8", 'a', 0xED, 0xA0, 0x80, 'b'),
        of("an overlong NUL", 0xC0, 0x80),
        of("a character cut off", 'a', 0xE2, 0x82),
        of("Latin-1", 'c', 'a', 'f', 0xE9),
        of("the replacement character", "\uFFFD\uFFFE"),
        new SampleBody("every byte value", Body.of(everyByte())),
        new SampleBody("gzip", Body.of(gzip())),
        new SampleBody("200 KB of text", Body.of("0123456789abcdef".repeat(LARGE / 16))),
        new SampleBody("200 KB that do not compress", Body.of(random(LARGE))));
  }

  private static final String JSON =
      "{ \"a\" :1.0 ,\"b\": 1e400, \"a\":-0, \"big\":12345678901234567890.10,\n\t\"\\u0041\":"
          + "[ ] , \"\":{\"x\":null}}\n\n";

  private static SampleBody of(String name, String text) {
    return new SampleBody(name, Body.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static SampleBody of(String name, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new SampleBody(name, Body.of(bytes));
  }

  private static byte[] everyByte() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(JSON.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
