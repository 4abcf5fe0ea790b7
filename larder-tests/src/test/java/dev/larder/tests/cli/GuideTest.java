package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheOptions;
import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.http.Expiration;
import dev.larder.requestscache.RequestsCacheKeys;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/requests-cache.md says is so. */
class GuideTest {
  private static final Path GUIDE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/requests-cache.md");
  private static final Path EXAMPLES =
      Path.of("src/test/java/dev/larder/tests/cli/GuideExamples.java");

  @Test
  void java_eachBlock_isCompiled() throws IOException {
    String compiled = onOneLine(Files.readString(EXAMPLES));

    List<String> blocks = all("(?s)```java\\n(.*?)```", Files.readString(GUIDE));

    assertThat(blocks).hasSize(3);
    assertThat(blocks).allSatisfy(block -> assertThat(compiled).contains(onOneLine(block)));
  }

  @Test
  void names_ofTheTable_areMethods() throws IOException {
    Set<String> methods =
        Stream.of(
                HttpCache.class,
                DynamoDbCache.class,
                DynamoDbCache.Builder.class,
                CacheSettings.Builder.class,
                CacheOptions.Builder.class,
                RequestsCacheKeys.Builder.class,
                Expiration.class,
                HttpResponse.class)
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    String table = all("(?s)## Names\\n(.*?)\\n## ", Files.readString(GUIDE)).get(0);

    List<String> ours = all("(?m)^\\|[^|]*\\|(.*)\\|$", table);

    assertThat(ours).hasSizeGreaterThan(35);
    assertThat(ours.stream().flatMap(cell -> all("`(?:\\w+\\.)?(\\w+)\\(", cell).stream()))
        .hasSizeGreaterThan(60)
        .isSubsetOf(methods);
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String onOneLine(String code) {
    return code.replaceAll("\\s+", " ").replace("( ", "(").replace(" .", ".").trim();
  }
}
