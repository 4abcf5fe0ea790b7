package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the public suite of HTTP cache tests; {@code conformance/run.mjs} knows how. */
@Tag("conformance")
@Timeout(600)
class ConformanceTest {
  private static final Path FOLDER =
      Path.of("").toAbsolutePath().getParent().resolve("conformance");

  @Test
  void suite_throughTheProxy_passesWhatItPassed() throws IOException, InterruptedException {
    if (!Files.isDirectory(FOLDER.resolve("node_modules"))) {
      assertThat(run("npm", "install")).isZero();
    }
    assertThat(run("node", "run.mjs")).isZero();
  }

  private static int run(String... words) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(FOLDER.toFile()).redirectErrorStream(true);
    builder.environment().put("LARDER", larder());
    Process process = builder.start();
    try {
      // The child must not write to the stream of this JVM, which the build listens to.
      process.inputReader(StandardCharsets.UTF_8).lines().forEach(System.out::println);
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The command as it is tested here, as a JSON array. */
  private static String larder() {
    return List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName())
        .stream()
        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "[", "]"));
  }
}
