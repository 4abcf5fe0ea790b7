package dev.larder.benchmarks;

import dev.larder.benchmarks.HitBenchmark.Contender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link HitBenchmark} for all contenders and prints what came out.
 *
 * <pre>
 * --check             exit with 1 unless Larder is ahead of every peer in time and allocation
 * --write FILE        put the table into this Markdown file, between its two markers
 * --millis N          how long an iteration takes; default 1000
 * --iterations N      how many are measured, after three to warm up; default 5
 * --forks N           how many processes measure each of them; default 1
 * </pre>
 */
public final class HitReport {
  private static final String BEGIN = "<!-- hits: written by HitReport -->";
  private static final String END = "<!-- hits: end -->";

  private boolean check;
  private List<Path> files = List.of();
  private int millis = 1_000;
  private int iterations = 5;
  private int forks = 1;

  private HitReport(Collection<String> arguments) {
    Queue<String> rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      String option = rest.remove();
      switch (option) {
        case "--check" -> check = true;
        case "--write" -> files = List.of(Path.of(rest.remove()));
        case "--millis" -> millis = Integer.parseInt(rest.remove());
        case "--iterations" -> iterations = Integer.parseInt(rest.remove());
        case "--forks" -> forks = Integer.parseInt(rest.remove());
        default -> throw new IllegalArgumentException("no such option: " + option);
      }
    }
  }

  /** Measures; see above for the arguments. */
  public static void main(String... arguments) throws RunnerException {
    HitReport report = new HitReport(List.of(arguments));
    Hits hits = report.measure();
    System.out.println(report.conditions() + '\n' + hits.table());
    report.files.forEach(file -> report.write(file, hits));
    List<String> shortcomings = hits.shortcomings();
    shortcomings.forEach(line -> System.out.println("NOT AHEAD: " + line));
    System.exit(report.check && !shortcomings.isEmpty() ? 1 : 0);
  }

  private Hits measure() throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(HitBenchmark.class.getName())
            .addProfiler(GCProfiler.class)
            .addProfiler(ProcessorTime.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .warmupTime(TimeValue.milliseconds(millis))
            .measurementTime(TimeValue.milliseconds(millis))
            .measurementIterations(iterations)
            .forks(forks);
    return new Hits(new Runner(options.build()).run().stream().map(HitReport::cost).toList());
  }

  private static Hits.Cost cost(RunResult result) {
    List<Double> micros = new ArrayList<>();
    List<Double> processor = new ArrayList<>();
    List<Double> allocated = new ArrayList<>();
    for (BenchmarkResult process : result.getBenchmarkResults()) {
      for (IterationResult iteration : process.getIterationResults()) {
        micros.add(iteration.getPrimaryResult().getScore());
        processor.add(secondary(iteration, ProcessorTime.LABEL));
        allocated.add(secondary(iteration, "gc.alloc.rate.norm"));
      }
    }
    return new Hits.Cost(
        Contender.valueOf(result.getParams().getParam("contender")),
        Integer.parseInt(result.getParams().getParam("bytes")),
        micros,
        processor,
        allocated);
  }

  private static double secondary(IterationResult iteration, String label) {
    Result<?> result = iteration.getSecondaryResults().get(label);
    if (result == null) {
      throw new IllegalStateException("no profiler has told " + label);
    }
    return result.getScore();
  }

  private String conditions() {
    return String.format(
        "%s, Java %s, %s, %d cores; %d × %d iterations of %d ms.%n",
        LocalDate.now(ZoneOffset.UTC),
        System.getProperty("java.version"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        forks,
        iterations,
        millis);
  }

  private void write(Path file, Hits hits) {
    try {
      String text = Files.readString(file);
      int begin = text.indexOf(BEGIN);
      int end = text.indexOf(END);
      if (begin < 0 || end < begin) {
        throw new IllegalArgumentException(file + " lacks the line " + BEGIN + " or " + END);
      }
      Files.writeString(
          file,
          text.substring(0, begin + BEGIN.length())
              + "\n\n"
              + conditions()
              + '\n'
              + hits.table()
              + '\n'
              + text.substring(end));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be rewritten", e);
    }
  }
}
