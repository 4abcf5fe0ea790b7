package dev.larder.benchmarks;

import dev.larder.benchmarks.HitBenchmark.Contender;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What hits cost, and what follows from it. The least of all iterations is what is compared: on a
 * machine that does other work as well, everything else says as much about that work.
 *
 * @param costs of each contender at each length
 */
record Hits(List<Cost> costs) {
  /**
   * What one contender's hits at one length cost, iteration by iteration.
   *
   * @param micros per hit
   * @param processor microseconds of processor time per hit, of the whole process
   * @param allocated bytes per hit
   */
  record Cost(
      Contender contender,
      int bodyLength,
      List<Double> micros,
      List<Double> processor,
      List<Double> allocated) {
    double leastMicros() {
      return least(micros);
    }

    double leastProcessor() {
      return least(processor);
    }

    double leastAllocated() {
      return least(allocated);
    }

    double medianMicros() {
      List<Double> sorted = micros.stream().sorted().toList();
      return sorted.get(sorted.size() / 2);
    }

    private static double least(Collection<Double> values) {
      return values.stream().mapToDouble(value -> value).min().orElseThrow();
    }
  }

  /** In what Larder is not ahead of every peer; empty if it is in everything. */
  List<String> shortcomings() {
    List<String> found = new ArrayList<>();
    for (int length : lengths()) {
      Cost larder = cost(Contender.LARDER, length);
      for (Cost cost : costs) {
        if (cost.bodyLength() != length || !cost.contender().isPeer()) {
          continue;
        }
        if (larder.leastMicros() >= cost.leastMicros()) {
          found.add(
              text(
                  "%s: Larder takes %s, %s %s",
                  size(length),
                  micros(larder.leastMicros()),
                  cost.contender().title(),
                  micros(cost.leastMicros())));
        }
        if (larder.leastAllocated() >= cost.leastAllocated()) {
          found.add(
              text(
                  "%s: Larder allocates %s, %s %s",
                  size(length),
                  kilobytes(larder.leastAllocated()),
                  cost.contender().title(),
                  kilobytes(cost.leastAllocated())));
        }
      }
    }
    return found;
  }

  /** A Markdown table with a row for each contender. */
  String table() {
    StringBuilder table = new StringBuilder("| |");
    StringBuilder rule = new StringBuilder("| --- |");
    for (int length : lengths()) {
      String size = size(length);
      table.append(text(" %s: least / median | processor | allocated |", size));
      rule.append(" ---: | ---: | ---: |");
    }
    table.append('\n').append(rule).append('\n');
    for (Contender contender : Contender.values()) {
      table.append("| ").append(contender.title()).append(" |");
      for (int length : lengths()) {
        Cost cost = cost(contender, length);
        table.append(
            text(
                " %s / %s | %s | %s |",
                micros(cost.leastMicros()),
                micros(cost.medianMicros()),
                micros(cost.leastProcessor()),
                kilobytes(cost.leastAllocated())));
      }
      table.append('\n');
    }
    return table.toString();
  }

  private List<Integer> lengths() {
    return costs.stream().map(Cost::bodyLength).distinct().sorted().toList();
  }

  private Cost cost(Contender contender, int bodyLength) {
    return costs.stream()
        .filter(cost -> cost.contender() == contender && cost.bodyLength() == bodyLength)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException(contender + " was not measured at " + bodyLength));
  }

  private static String size(int bytes) {
    return bytes / 1024 + " KB";
  }

  private static String micros(double micros) {
    return text(micros < 10 ? "%.2f µs" : "%.1f µs", micros);
  }

  private static String kilobytes(double bytes) {
    return text(bytes < 10 * 1024 ? "%.1f KB" : "%.0f KB", bytes / 1024);
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
