package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command in processes of its own, which share nothing but a directory. */
@Timeout(180)
class ProcessesTest {
  @TempDir private Path home;
  private ScriptedOrigin origin;

  @BeforeEach
  void start() {
    origin = ScriptedOrigin.start();
    origin.respond("/stock", Answer.ok("apples").withHeader("Cache-Control", "max-age=3600"));
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void get_inASecondProcess_isAHit() throws IOException, InterruptedException {
    String url = origin.uri("/stock").toString();

    Cli.Result first = inAProcess("get", url);
    Cli.Result second = inAProcess("get", url);

    assertThat(first.err()).startsWith("miss ");
    assertThat(second.err()).startsWith("hit ");
    assertThat(List.of(first.text(), second.text())).containsOnly("apples");
    assertThat(first.code() + second.code()).isZero();
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void get_inTwoProcessesAtOnce_bothAnswerAndAThirdHits() throws IOException, InterruptedException {
    String url = origin.uri("/stock").toString();
    try (Cli.Child one = Cli.start(home, "get", url);
        Cli.Child other = Cli.start(home, "get", url)) {
      Cli.Result first = one.await();
      Cli.Result second = other.await();

      assertThat(first.code()).as(first.err()).isZero();
      assertThat(second.code()).as(second.err()).isZero();
      assertThat(List.of(first.text(), second.text())).containsOnly("apples");
      assertThat(List.of(first.err(), second.err()))
          .noneMatch(err -> err.contains("the cache was not used"));
    }
    int asked = origin.count();
    assertThat(asked).isBetween(1, 2);

    assertThat(inAProcess("get", url).err()).startsWith("hit ");
    assertThat(origin.count()).isEqualTo(asked);
  }

  @Test
  void get_fromAnEndpointWithoutTheTable_createsItAndHitsInTheEnd()
      throws IOException, InterruptedException {
    try (EmbeddedDynamoDb remote = EmbeddedDynamoDb.inMemory()) {
      String[] arguments = {
        "get",
        origin.uri("/stock").toString(),
        "--endpoint",
        remote.endpoint().toString(),
        "--region",
        "eu-central-1",
        "--table",
        "pantry"
      };

      Cli.Result first = inAProcess(arguments);
      // The answer that finds the table missing need not be stored; the next one is.
      Cli.Result unused = inAProcess(arguments);
      Cli.Result last = inAProcess(arguments);

      assertThat(first.code()).as(first.err()).isZero();
      assertThat(first.text()).isEqualTo("apples");
      assertThat(last.err()).startsWith("hit ");
      assertThat(remote.client().listTables().tableNames()).containsExactly("pantry");
      assertThat(home).isEmptyDirectory();
    }
  }

  @Test
  void run_inAProcess_exitsWithTheCode() throws IOException, InterruptedException {
    Cli.Result result = inAProcess("get", "--nonsense", "http://localhost/");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--nonsense");
  }

  private Cli.Result inAProcess(String... arguments) throws IOException, InterruptedException {
    try (Cli.Child child = Cli.start(home, arguments)) {
      return child.await();
    }
  }
}
