package dev.larder.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A fresh hit, from the request to the whole body in the caller's hands. While it is measured there
 * is no origin any more, so that a miss ends the benchmark.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HitBenchmark {
  /** Who answers. */
  public enum Contender {
    /** {@link FloorClient}. */
    FLOOR("floor: an object from Caffeine"),
    /** {@link LarderClient}. */
    LARDER("Larder, CachingHttpClient and InMemoryCache"),
    /** {@link ApacheClient}. */
    APACHE("Apache HttpClient 5.6.3, cache in memory"),
    /** {@link MethanolClient}. */
    METHANOL("Methanol 1.9.0, cache in memory");

    private final String title;

    Contender(String title) {
      this.title = title;
    }

    /** What people call it. */
    String title() {
      return title;
    }

    /** Whether it is another cache for Java that Larder is compared with. */
    boolean isPeer() {
      return this == APACHE || this == METHANOL;
    }

    HitClient connect(Origin origin) throws IOException, InterruptedException {
      return switch (this) {
        case FLOOR -> new FloorClient(origin);
        case LARDER -> new LarderClient(origin);
        case APACHE -> new ApacheClient(origin);
        case METHANOL -> new MethanolClient(origin);
      };
    }
  }

  /** Who answers. */
  @Param public Contender contender = Contender.LARDER;

  /** How long each body is. */
  @Param({"2048", "204800"})
  public int bytes;

  @SuppressWarnings("NullAway.Init") // fill() does
  private HitClient client;

  private int next;

  /** Fills the cache, makes sure that it answers rightly, and takes the origin away. */
  @Setup
  public void fill() throws IOException, InterruptedException {
    try (Origin origin = new Origin(bytes)) {
      client = contender.connect(origin);
      byte[][] first = new byte[Origin.DOCUMENTS][];
      for (int document = 0; document < Origin.DOCUMENTS; document++) {
        first[document] = client.get(document);
      }
      for (int document = 0; document < Origin.DOCUMENTS; document++) {
        if (!client.isHit(document)
            || !Arrays.equals(first[document], client.get(document))
            || first[document].length != bytes) {
          throw new IllegalStateException(contender + " does not answer from its cache");
        }
      }
      if (origin.requests() != Origin.DOCUMENTS) {
        throw new IllegalStateException(contender + " asked " + origin.requests() + " times");
      }
    }
  }

  /** One hit. */
  @Benchmark
  public byte[] hit() throws IOException, InterruptedException {
    int document = next;
    next = (document + 1) % Origin.DOCUMENTS;
    byte[] body = client.get(document);
    if (body.length != bytes) {
      throw new IllegalStateException(body.length + " bytes instead of " + bytes);
    }
    return body;
  }

  /** Ends the client. */
  @TearDown
  public void close() throws IOException {
    client.close();
  }
}
