package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.SaveOptions;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The commands that manage a table: ls, rm, purge, gc. */
class ManageTest {
  @TempDir private static Path home;
  private static EmbeddedDynamoDb owner;
  private static DynamoDbClient client;

  private String table;
  private DynamoDbCache cache;

  @BeforeAll
  static void open() {
    owner = EmbeddedDynamoDb.inFile(home.resolve("dynamodb"));
    client = owner.client();
  }

  @AfterAll
  static void close() {
    client.close();
    owner.close();
  }

  @BeforeEach
  void fill(TestInfo test) {
    table = "t-" + test.getTestMethod().orElseThrow().getName();
    cache = DynamoDbCache.builder().tableName(table).client(client).build();
    cache.prepare();
    save("https://a.example/1", Expiration.after(Duration.ofHours(1)));
    save("https://a.example/2", Expiration.immediately());
    save("https://b.example/\"3\"".replace("\"", "%22"), Expiration.never());
  }

  private void save(String url, Expiration expiration) {
    cache.saveResponse(
        Request.get(url),
        Response.builder().header("ETag", "\"e\"").body("body").build(),
        SaveOptions.DEFAULT.expiration(expiration));
  }

  private void putUndecodable() {
    client.putItem(r -> r.tableName(table).item(Map.of("key", AttributeValue.fromS("odd"))));
  }

  private Cli.Result larder(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--table", table, "--home", home.toString()));
    return Cli.run(all.toArray(String[]::new));
  }

  @Test
  void ls_byHost_listsALineForEach() {
    Cli.Result result = larder("ls", "--host", "a.example");

    assertThat(result.code()).isZero();
    assertThat(result.text().lines())
        .hasSize(2)
        .anyMatch(line -> line.matches("200  4  expires \\S+  GET https://a.example/1"))
        .anyMatch(line -> line.matches("200  4  expired \\S+  GET https://a.example/2"));
    assertThat(result.err()).contains("2 entries", "cost  ");
  }

  @Test
  void ls_json_isAnObjectALine() {
    putUndecodable();

    Cli.Result result = larder("ls", "--json");

    assertThat(result.text().lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("{\"key\":\"") && line.endsWith("}"))
        .anyMatch(line -> line.contains("\"url\":\"https://b.example/%223%22\""))
        .anyMatch(line -> line.contains("\"key\":\"odd\",\"problem\":\""));
  }

  @Test
  void rm_dryRun_deletesNothing() {
    assertThat(larder("rm", "--prefix", "https://a.example/", "--dry-run").text())
        .isEqualToIgnoringNewLines("would delete 2 entries");
    assertThat(cache.count()).isEqualTo(3);
  }

  @Test
  void rm_everythingAskedFor_hasToHold() {
    Cli.Result result = larder("rm", "--host", "a.example", "--expired");

    assertThat(result.text()).isEqualToIgnoringNewLines("deleted 1 entry");
    assertThat(cache.containsUrl("https://a.example/2")).isFalse();
    assertThat(cache.count()).isEqualTo(2);
  }

  @Test
  void rm_withoutAFilter_isWrongUsage() {
    Cli.Result result = larder("rm");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("say which entries", "larder purge");
    assertThat(cache.count()).isEqualTo(3);
  }

  @Test
  void purge_thenGc_leavesNothing() {
    assertThat(larder("purge").text())
        .isEqualToIgnoringNewLines("purged what was in table " + table);
    assertThat(larder("ls").text()).isEmpty();
    putUndecodable();

    assertThat(larder("gc", "--dry-run").text().lines())
        .containsExactly(
            "would remove 0 items past their time to live",
            "would remove 3 purged entries",
            "would remove 0 parts without an entry");
    assertThat(items()).isEqualTo(5);
    Cli.Result result = larder("gc");
    assertThat(result.text()).contains("removed 3 purged entries");
    assertThat(result.err()).contains("cost  ", "write units");
    assertThat(items()).isEqualTo(2);
    assertThat(larder("gc", "--invalid").text())
        .contains("removed 1 entries that cannot be decoded");
    // The trace of the purge.
    assertThat(items()).isOne();
  }

  private int items() {
    return client.scan(r -> r.tableName(table)).count();
  }
}
