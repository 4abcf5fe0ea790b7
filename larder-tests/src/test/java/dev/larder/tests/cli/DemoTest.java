package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DemoTest {
  private static Cli.Result result;
  private static String text;

  @BeforeAll
  static void run() {
    result = Cli.run("demo");
    text = result.text();
  }

  @Test
  void demo_always_succeedsAndComplainsOfNothing() {
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
  }

  @Test
  void demo_itsSteps_areInOrder() {
    assertThat(text)
        .containsSubsequence(
            "1. A miss",
            "Larder; fwd=uri-miss; stored",
            "answer number 1 of the origin",
            "2. A hit",
            "Larder; hit; ttl=",
            "3. A hit after a restart",
            "$ larder get http://127.0.0.1:",
            "hit      stored",
            "answer number 1 of the origin",
            "4. An expiry",
            "Larder; fwd=stale; stored",
            "answer number 2 of the origin",
            "5. The item",
            "6. The bill");
  }

  @Test
  void demo_itsItem_isDynamoDbJson() {
    assertThat(text)
        .contains("\"k\": { \"S\": \"entry\" },")
        .contains("\"status\": { \"N\": \"200\" },")
        .containsPattern("\"ttl\": \\{ \"N\": \"\\d+\" \\},")
        .contains("\"body\": { \"S\": \"{\\\"shelf\\\": 4, ");
  }

  @Test
  void demo_itsBill_isExact() {
    // DynamoDB Local reports nothing for a batch that finds nothing.
    assertThat(row("1. miss")).containsExactly("1", "2", "0", "1");
    assertThat(row("2. hit").subList(0, 2)).containsExactly("0", "1");
    assertThat(row("100 hits more, together").subList(0, 2)).containsExactly("0", "100");
    assertThat(row("3. hit in a new process")).containsExactly("0", "1", "0.5", "0");
    assertThat(row("4. expired, fetched again")).containsExactly("1", "2", "0.5", "1");
    assertThat(text)
        .contains("104 answers took 2 requests to the origin and ")
        .contains("Always asking the origin: 104 requests and 31.2 s.");
  }

  @Test
  void demo_atItsEnd_leavesNothingBehind() {
    Path directory = Path.of(group("files +(\\S+), deleted at the end"));

    assertThat(directory).doesNotExist();
  }

  @Test
  void demo_notOnATerminal_hasNoColours() {
    assertThat(text).doesNotContain("\u001B");
  }

  /** The counts in a row of the bill: everything but the time. */
  private static List<String> row(String name) {
    return List.of(
        group(Pattern.quote(name) + " +(\\d+ +\\d+ +[0-9.]+ +[0-9.]+) +[0-9.]+\\R").split(" +"));
  }

  private static String group(String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing matches " + pattern + " in:\n" + text));
  }
}
