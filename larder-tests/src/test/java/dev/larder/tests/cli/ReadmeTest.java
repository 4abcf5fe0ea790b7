package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.http.Body;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What README.md says is so. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class ReadmeTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path EXAMPLES =
      Path.of("src/test/java/dev/larder/tests/cli/ReadmeExamples.java");

  @Test
  void java_eachBlock_isCompiled() throws IOException {
    String compiled = onOneLine(Files.readString(EXAMPLES)).replace(" static class ", " class ");

    List<String> blocks = all("(?s)```java\\n(.*?)```", readme());

    assertThat(blocks).hasSizeGreaterThanOrEqualTo(4);
    assertThat(blocks).allSatisfy(block -> assertThat(compiled).contains(onOneLine(block)));
  }

  @Test
  void management_onACache_does(DynamoDbClient dynamo, @TableName String table) {
    try (var cache = DynamoDbCache.builder().client(dynamo).tableName(table).build()) {
      cache.saveResponse(
          Request.get("https://example.org/a"), Response.builder().body(Body.of("apple")).build());

      assertThat(ReadmeExamples.management(cache)).isEqualTo("1 true 1");
    }
  }

  @Test
  void extension_inATest_bringsADynamoDb(DynamoDbClient dynamo, @TableName String table) {
    new ReadmeExamples.PantryTest().store_thenGet_isThere(dynamo, table);
  }

  @Test
  void options_ofTheTable_areAllThere() throws IOException {
    assertThat(optionsIn("`DynamoDbCache.builder()`"))
        .isEqualTo(optionsOf(DynamoDbCache.Builder.class));
  }

  @Test
  void options_ofBehaviour_areAllThere() throws IOException {
    assertThat(optionsIn("`CacheSettings.builder()`"))
        .isEqualTo(optionsOf(CacheSettings.Builder.class));
  }

  /** The names in the first column of the table under the heading that ends so. */
  private static Set<String> optionsIn(String heading) throws IOException {
    String section =
        all("(?s)### [^\\n]*" + Pattern.quote(heading) + "\\n(.*?)\\n##", readme()).get(0);
    return all("(?m)^\\| (`[^|]*) \\|", section).stream()
        .flatMap(cell -> all("`(\\w+)`", cell).stream())
        .collect(Collectors.toSet());
  }

  private static Set<String> optionsOf(Class<?> builder) {
    return Arrays.stream(builder.getMethods())
        .filter(method -> method.getParameterCount() > 0)
        .filter(method -> method.getDeclaringClass() != Object.class)
        .map(Method::getName)
        .collect(Collectors.toSet());
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  private static String onOneLine(String code) {
    return code.replaceAll("\\s+", " ").replace("( ", "(").replace(" .", ".").trim();
  }
}
