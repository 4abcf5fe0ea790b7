package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void run_askedForHelp_namesTheCommandsAndExitCodes(String argument) {
    Cli.Result result = Cli.run(argument);

    assertThat(result.code()).isZero();
    assertThat(result.text()).contains("get ", "serve ", "demo ", "Exit codes:", "LARDER_HOME");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void run_askedForHelpWithGet_namesItsOptions() {
    Cli.Result result = Cli.run("help", "get");

    assertThat(result.code()).isZero();
    assertThat(result.text())
        .contains("--table", "--endpoint", "--region", "--profile", "--namespace", "--home")
        .contains("--include", "--output", "--header", "--expire-after", "--only-if-cached");
  }

  @Test
  void run_askedForHelpWithServe_namesItsOptions() {
    Cli.Result result = Cli.run("help", "serve");

    assertThat(result.code()).isZero();
    assertThat(result.text())
        .contains("--origin", "--port", "--host", "--shared", "--stale-if-error", "--memory")
        .contains("--expire-after", "--timeout", "--table", "--endpoint", "--home");
  }

  @Test
  void run_askedForTheVersion_printsTheOneOfTheBuild() {
    Cli.Result result = Cli.run("--version");

    assertThat(result.code()).isZero();
    assertThat(result.text()).matches("larder \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @ParameterizedTest
  @CsvSource({"gte, get", "got, get", "dem, demo", "hlep, help"})
  void run_unknownCommand_suggestsTheNearest(String unknown, String meant) {
    Cli.Result result = Cli.run(unknown);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("there is no command '" + unknown + "'")
        .contains("Did you mean: larder " + meant);
  }

  @Test
  void run_commandLikeNone_suggestsNothing() {
    Cli.Result result = Cli.run("xyzzy");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("there is no command 'xyzzy'").doesNotContain("Did you mean");
  }

  @ParameterizedTest
  @CsvSource({
    "serve --orgin http://localhost, --orgin, --origin",
    "serve --orgin=http://localhost, --orgin, --origin",
    "serve --origin http://localhost --prot 80, --prot, --port",
    "get --only http://localhost/, --only, --only-if-cached",
    "get --expire-aftr 1h http://localhost/, --expire-aftr, --expire-after",
    "--verbos get http://localhost/, --verbos, --verbose",
    "--table x get http://localhost/, --table, ",
    "get -x http://localhost/, -x, "
  })
  void run_unknownOption_isNamedAloneWithTheNearest(
      String arguments, String unknown, String meant) {
    Cli.Result result = Cli.run(arguments.split(" "));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("larder: there is no option '" + unknown + "'" + System.lineSeparator())
        .contains("Try: larder help");
    if (meant == null) {
      assertThat(result.err()).doesNotContain("Did you mean");
    } else {
      assertThat(result.err().lines()).contains("Did you mean: " + meant);
    }
  }

  @Test
  void run_withoutCommand_isWrongUsage() {
    Cli.Result result = Cli.run();

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("larder COMMAND");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--expire-after soon http://localhost/ | not an expiration: \"soon\"",
        "--header nonsense http://localhost/   | a header field is written 'Name: value'",
        "--header Host:other http://localhost/ | restricted header name",
        "--table x http://localhost/           | table name must have 3 to 255",
        "--namespace a/b http://localhost/     | namespace may have up to 64 letters",
        "--endpoint localhost http://localhost/| --endpoint must be an http or https address",
        "ftp://localhost/x                     | the URL must be an http or https address",
        "/stock                                | the URL must be an http or https address",
        "--only http://localhost/              | there is no option '--only'",
        "http://localhost/ http://localhost/   | Unmatched argument at index 2"
      })
  void get_wrongValue_saysWhatIsWrongInOneMessage(
      String arguments, String message, @TempDir Path home) {
    String[] words = ("get " + arguments).trim().split(" +");

    Cli.Result result = Cli.run(Map.of("LARDER_HOME", home.toString()), words);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                      | Missing required option: '--origin=URL'",
        "--origin localhost                    | --origin must be an http or https address",
        "--origin http://localhost/?a          | --origin may have a path, but no user, query",
        "--origin http://localhost --port 70000| --port must be 0 to 65535, but is 70000",
        "--origin http://localhost --timeout 0 | --timeout must be at least 1 second, but is 0",
        "--origin http://localhost --memory --table x | --memory uses no table: leave out --table"
      })
  void serve_wrongValue_saysWhatIsWrongInOneMessage(
      String arguments, String message, @TempDir Path home) {
    String[] words = ("serve " + (arguments == null ? "" : arguments)).trim().split(" +");

    Cli.Result result = Cli.run(Map.of("LARDER_HOME", home.toString()), words);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void serve_portInUse_failsWithOneMessage() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      Cli.Result result =
          Cli.run("serve", "--memory", "--origin", "http://127.0.0.1:1", "--port", port);

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("larder: cannot listen on 127.0.0.1:" + port)
          .contains("give another --port")
          .hasLineCount(1);
    }
  }

  @Test
  void get_homeWithRegion_isRefused(@TempDir Path home) {
    Cli.Result result =
        Cli.run("get", "--home", home.toString(), "--region", "eu-central-1", "http://localhost/");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--home is about the embedded DynamoDB");
  }
}
