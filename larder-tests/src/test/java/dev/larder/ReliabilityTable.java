package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of docs/reliability.md in which the tests of failures say what they have seen, one row
 * each. Run them with {@code -Dlarder.docs.write=true} to write it anew.
 */
final class ReliabilityTable {
  private static final Path DOCUMENT = Path.of("..", "docs", "reliability.md");
  private static final String BEGIN = "<!-- table: failures -->";
  private static final String END = "<!-- end: failures -->";

  private ReliabilityTable() {}

  /** Prints what a test has seen, asserts that nothing of it was wrong, and documents it. */
  static void record(String what, FaultBench bench) throws IOException {
    System.out.printf(
        "%s: %d cases, %d requests of clients, %d wrong bodies%n",
        what, bench.cases, bench.requests, bench.wrongBodies);
    assertThat(bench.wrongBodies).isZero();
    String name = "| " + what + " |";
    String row =
        name + " " + bench.cases + " | " + bench.requests + " | " + bench.wrongBodies + " |";
    List<String> lines = new ArrayList<>(Files.readAllLines(DOCUMENT));
    if (Boolean.getBoolean("larder.docs.write")) {
      replace(lines, name, row);
      Files.write(DOCUMENT, lines);
    }
    assertThat(lines).contains(row);
  }

  private static void replace(List<String> lines, String name, String row) {
    int begin = lines.indexOf(BEGIN);
    int end = lines.indexOf(END);
    assertThat(begin).as("where the table begins").isBetween(0, end);
    for (int i = begin; i < end; i++) {
      if (lines.get(i).startsWith(name)) {
        lines.set(i, row);
        return;
      }
    }
    lines.add(end, row);
  }
}
