package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a whole program sees that uses an embedded DynamoDB, with nothing set up for it. */
class ProgramTest {
  private final Path temporary;

  ProgramTest(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @ParameterizedTest
  @ValueSource(strings = {"use", "forget"})
  void main_closedOrForgotten_endsAndPrintsNothing(String what) throws Exception {
    assertThat(run(Child.command(List.of(), what))).isEmpty();
  }

  @Test
  void main_onTheModulePath_findsEveryModule() throws Exception {
    assertThat(run(Child.modularCommand("use"))).isEmpty();
  }

  @Test
  void main_proxyInTheEnvironment_isNotAsked() throws Exception {
    List<String> options =
        List.of("-Dhttp.proxyHost=127.0.0.1", "-Dhttp.proxyPort=1", "-Dhttp.nonProxyHosts=");

    assertThat(run(Child.command(options, "use"))).isEmpty();
  }

  /** DynamoDB Local reports through Amazon Pinpoint; what is not loaded cannot report. */
  @Test
  void main_telemetry_isNeverLoaded() throws Exception {
    Path log = temporary.resolve("classes");

    assertThat(run(Child.command(List.of("-Xlog:class+load:file=" + log), "use"))).isEmpty();
    assertThat(Files.readString(log))
        .contains("LocalDynamoDBRequestHandler")
        .doesNotContain("services.pinpoint")
        .doesNotContain("services.cognito")
        .doesNotContain("monitoring.Telemetry ");
  }

  private String run(ProcessBuilder program) throws IOException, InterruptedException {
    Path output = temporary.resolve("output");
    Process process = program.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the program ended").isTrue();
      assertThat(process.exitValue()).as(Files.readString(output)).isZero();
      return Files.readString(output);
    } finally {
      process.destroyForcibly();
    }
  }
}
