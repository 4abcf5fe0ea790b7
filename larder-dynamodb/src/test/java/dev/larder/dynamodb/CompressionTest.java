package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.Response;
import dev.larder.serial.StageContext;
import dev.larder.serial.Stages;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Which bodies are compressed, and what is read of those that are. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class CompressionTest {
  private static final byte[] TEXT = Entries.issues(20);

  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void connect(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
  }

  @Test
  void text_thatSavesUnits_isCompressed() {
    DynamoDbCache cache = open(DynamoDbCache.builder());
    save(cache, TEXT, "application/json");
    assertThat(item().get("encoding")).isEqualTo(AttributeValue.fromS("gzip"));
    assertThat(item().get("length")).isEqualTo(AttributeValue.fromN("20000"));
    assertThat(ItemSize.of(item())).isLessThan(6 * 1024);
    assertThat(body(cache)).isEqualTo(TEXT);
    assertThat(body(open(DynamoDbCache.builder().compression(false)))).isEqualTo(TEXT);
  }

  @Test
  void storedSize_ofACompressedBody_isKnownWithoutReadingIt() {
    DynamoDbCache cache = open(DynamoDbCache.builder());
    save(cache, TEXT, "application/json");
    try (Stream<CacheEntry> entries = cache.filter(EntryFilter.all())) {
      assertThat(entries.findFirst().orElseThrow().storedSize()).isEqualTo(ItemSize.of(item()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 20, 200, 500, 600, 700, 900, 1_200, 2_000, 5_000})
  void text_ofAnyLength_neverCostsMoreThanUncompressed(int length) {
    byte[] body =
        new String(TEXT, StandardCharsets.US_ASCII)
            .substring(0, length)
            .getBytes(StandardCharsets.US_ASCII);
    DynamoDbCache cache = open(DynamoDbCache.builder());
    save(open(DynamoDbCache.builder().compression(false)), body, "application/json");
    long plain = units();
    assertThat(item().get("body"))
        .isEqualTo(AttributeValue.fromS(new String(body, StandardCharsets.US_ASCII)));
    save(cache, body, "application/json");
    // What saves nothing stays readable.
    assertThat(item().containsKey("encoding")).isEqualTo(units() < plain);
    assertThat(units()).isLessThanOrEqualTo(plain);
    assertThat(body(cache)).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({
    "image/png, ",
    "video/mp4, ",
    "application/zip, ",
    "Application/GZIP; x=y, ",
    "font/woff2, ",
    "text/plain, br",
    "text/plain, gzip"
  })
  void encodedAlready_isLeftAlone(String contentType, String contentEncoding) {
    DynamoDbCache cache = open(DynamoDbCache.builder().inlineBodyLimit(100_000));
    Response.Builder response = Response.builder().header("Content-Type", contentType);
    if (contentEncoding != null) {
      response.header("Content-Encoding", contentEncoding);
    }
    save(cache, response.body(Body.of(TEXT)).build());
    assertThat(item()).doesNotContainKey("encoding");
    assertThat(body(cache)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource({"image/svg+xml, ", "application/octet-stream, ", "text/html, identity"})
  void whatOnlySoundsEncoded_isTried(String contentType, String contentEncoding) {
    Response.Builder response = Response.builder().header("Content-Type", contentType);
    if (contentEncoding != null) {
      response.header("Content-Encoding", contentEncoding);
    }
    save(open(DynamoDbCache.builder()), response.body(Body.of(TEXT)).build());
    assertThat(item()).containsKey("encoding");
  }

  @Test
  void incompressible_isLeftAlone() {
    byte[] noise = new byte[15_000];
    new Random(1).nextBytes(noise);
    DynamoDbCache cache = open(DynamoDbCache.builder());
    save(cache, noise, "application/octet-stream");
    assertThat(item()).doesNotContainKey("encoding");
    assertThat(body(cache)).isEqualTo(noise);
    assertThat(Compression.ifItPays(noise, 0)).isEmpty();
  }

  @Test
  void parts_areCompressedEachByItself() {
    byte[] text = "0123456789 abcdef ".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    Random random = new Random(2);
    for (int i = 100_000; i < 200_000; i++) {
      text[i] = (byte) random.nextInt();
    }
    DynamoDbCache cache = open(DynamoDbCache.builder().partBytes(50_000));
    save(cache, text, "text/plain");
    assertThat(item()).containsKey("parts").doesNotContainKeys("encoding", "body");
    assertThat(body(cache)).isEqualTo(text);
    assertThat(
            client.scan(r -> r.tableName(table)).items().stream()
                .filter(item -> item.containsKey("index"))
                .map(item -> item.containsKey("encoding")))
        .hasSize(8)
        .contains(true, false);
  }

  @Test
  void stages_ofTheUsersChoice_areAppliedAsTheyAre() {
    save(open(DynamoDbCache.builder().bodyStages(Stages.gzip())), new byte[] {1}, "image/png");
    assertThat(item().get("encoding")).isEqualTo(AttributeValue.fromS("gzip"));
  }

  @Test
  void bomb_isNotInflatedBeyondTheLimit() {
    DynamoDbCache cache = open(DynamoDbCache.builder().maxBodyBytes(1 << 20));
    save(cache, TEXT, "application/json");
    byte[] bomb = Stages.gzip().encode(new byte[20 << 20], StageContext.NONE);
    client.updateItem(
        r ->
            r.tableName(table)
                .key(TableGateway.keyOf("k"))
                .updateExpression("SET #b = :b")
                .expressionAttributeNames(Map.of("#b", "body"))
                .expressionAttributeValues(
                    Map.of(":b", AttributeValue.fromB(SdkBytes.fromByteArray(bomb)))));
    assertThat(cache.getResponse("k")).isEmpty();
    try (Stream<CacheEntry> invalid = cache.filter(EntryFilter.invalid())) {
      assertThat(invalid.findFirst().flatMap(CacheEntry::problem).orElseThrow())
          .contains("over the limit of 1048576");
    }
  }

  private DynamoDbCache open(DynamoDbCache.Builder options) {
    DynamoDbCache cache = options.tableName(table).client(client).build();
    cache.prepare();
    return cache;
  }

  private static void save(DynamoDbCache cache, byte[] body, String contentType) {
    save(cache, Response.builder().header("Content-Type", contentType).body(Body.of(body)).build());
  }

  private static void save(DynamoDbCache cache, Response response) {
    cache.saveResponse(Entries.request(1), response, SaveOptions.DEFAULT.key("k"));
  }

  private static byte[] body(DynamoDbCache cache) {
    return cache.getResponse("k").orElseThrow().body().bytes();
  }

  private long units() {
    return (ItemSize.of(item()) + 1023) / 1024;
  }

  private Map<String, AttributeValue> item() {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf("k")).consistentRead(true))
        .item();
  }
}
