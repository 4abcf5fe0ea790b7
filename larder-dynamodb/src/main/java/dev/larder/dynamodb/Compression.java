package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.serial.Stage;
import dev.larder.serial.StageContext;
import dev.larder.serial.Stages;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.Deflater;

/**
 * Compresses bodies where DynamoDB bills less for it. It bills items by whole KB written and by 4
 * KB read; a body that does not become smaller by enough to save a step is better left readable,
 * and one that does not become smaller at all is not worth the time to find out. Thread-safe.
 */
final class Compression {
  /** The stage's own limit is on reading; what is compressed has been accepted already. */
  private static final Stage GZIP = Stages.gzip(6, Integer.MAX_VALUE);

  /** What the attributes that go with it take: {@code encoding} and {@code stored}. */
  private static final int ATTRIBUTES = 24;

  /** Bodies longer than this are tried on a sample first. */
  private static final int PROBE_FROM = 8 * 1024;

  private static final int SAMPLE = 4 * 1024;

  private static final String[] COMPRESSED_APPLICATIONS = {
    "zip",
    "gzip",
    "x-gzip",
    "x-7z-compressed",
    "x-rar-compressed",
    "vnd.rar",
    "x-bzip2",
    "x-xz",
    "zstd",
    "java-archive",
    "epub+zip",
    "font-woff",
    "ogg"
  };

  private Compression() {}

  /** Whether a body with this head may become smaller, to judge by what its fields say. */
  static boolean isPromising(EntryHead head) {
    Headers headers = head.headers();
    boolean coded =
        headers
            .first("Content-Encoding")
            .filter(coding -> !coding.isBlank() && !coding.trim().equalsIgnoreCase("identity"))
            .isPresent();
    return !coded && !headers.first("Content-Type").map(Compression::isCompressed).orElse(false);
  }

  private static boolean isCompressed(String contentType) {
    String type = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    if (type.startsWith("image/")) {
      return !type.endsWith("+xml") && !type.equals("image/bmp");
    }
    String application = type.startsWith("application/") ? type.substring(12) : "";
    return type.startsWith("video/")
        || type.startsWith("audio/")
        || type.startsWith("font/woff")
        || application.startsWith("vnd.openxmlformats")
        || Arrays.asList(COMPRESSED_APPLICATIONS).contains(application);
  }

  /**
   * The gzip form of a body if it saves a billed unit.
   *
   * @param besides what else is in the item, in bytes
   */
  static Optional<byte[]> ifItPays(byte[] body, long besides) {
    if (units(besides + body.length) == units(besides) || isHopeless(body)) {
      return Optional.empty();
    }
    byte[] compressed = GZIP.encode(body, StageContext.NONE);
    return units(besides + ATTRIBUTES + compressed.length) < units(besides + body.length)
        ? Optional.of(compressed)
        : Optional.empty();
  }

  /** Whether a sample from the middle, where no headers mislead, hardly becomes smaller. */
  private static boolean isHopeless(byte[] body) {
    if (body.length < PROBE_FROM) {
      return false;
    }
    Deflater fast = new Deflater(Deflater.BEST_SPEED, true);
    try {
      fast.setInput(body, (body.length - SAMPLE) / 2, SAMPLE);
      fast.finish();
      byte[] target = new byte[SAMPLE * 9 / 10];
      fast.deflate(target);
      return !fast.finished();
    } finally {
      fast.end();
    }
  }

  /** Steps of 1 KB; one of 4 KB cannot be saved without one of these. */
  private static long units(long bytes) {
    return (bytes + 1023) / 1024;
  }
}
