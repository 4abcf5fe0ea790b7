package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Operations over 50,000 entries in a child JVM with a heap of 64 MB; DynamoDB is in this one. */
@Tag("drill")
class SmallHeapDrill {
  private static final int ENTRIES = 50_000;
  private static final String TABLE = "small-heap";

  @Test
  void filterAndResetExpiration_over50000Entries_needNoMoreThan64Megabytes() throws Exception {
    try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.inMemory()) {
      DynamoDbCache cache =
          DynamoDbCache.builder().tableName(TABLE).client(dynamoDb.client()).build();
      cache.prepare();
      assertThat(
              cache
                  .storage()
                  .writeAll(IntStream.range(0, ENTRIES).mapToObj(SmallHeapDrill::entry).iterator()))
          .isEqualTo(ENTRIES);

      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-XX:+ExitOnOutOfMemoryError",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Child.class.getName(),
                  dynamoDb.endpoint().toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).as(output).isZero();
      assertThat(output)
          .contains("filtered " + ENTRIES)
          .contains("with bodies " + ENTRIES)
          .contains("reset " + ENTRIES)
          .contains("expired " + ENTRIES)
          .contains("deleted " + ENTRIES);
      assertThat(cache.count()).isZero();
    }
  }

  private static CachedResponse entry(int index) {
    EntryHead head =
        EntryHead.builder(
                "key-" + index,
                Request.get("https://api.example.org/items/" + index),
                Instant.now())
            .headers(Headers.of("Content-Type", "text/plain", "ETag", "\"" + index + "\""))
            .build();
    return new CachedResponse(head, Body.of("body of item " + index + " ".repeat(500)));
  }

  /** What runs in the small heap. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      try (DynamoDbCache cache =
          DynamoDbCache.builder()
              .tableName(TABLE)
              .endpoint(URI.create(arguments[0]))
              .region("eu-central-1")
              .credentials(
                  StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
              .build()) {
        System.out.println(
            "filtered " + count(cache.filter(EntryFilter.urlPrefix("https://api.example.org/"))));
        System.out.println(
            "with bodies "
                + count(cache.values().filter(response -> response.body().length() > 500)));
        System.out.println("reset " + cache.resetExpiration(Expiration.immediately()));
        System.out.println("expired " + count(cache.filter(EntryFilter.expired())));
        System.out.println("deleted " + cache.delete(EntryFilter.olderThan(Duration.ZERO)));
      }
    }

    private static long count(Stream<?> stream) {
      try (stream) {
        return stream.count();
      }
    }
  }
}
