package dev.larder.cli;

import dev.larder.http.EntryFilter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes entries. */
@Command(
    name = "rm",
    description = {
      "Deletes the entries for which everything holds that is asked.",
      "With none of --host, --prefix, --url, --status, --expired and --invalid it deletes nothing and",
      "is wrong usage. With --host, --prefix or --url it reads only what these ask for, if the table has",
      "the index."
    })
final class RmCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CacheOptions options = new CacheOptions();

  @Mixin private FilterOptions which = new FilterOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Say how many would be deleted, and delete nothing.")
  private boolean dryRun;

  RmCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    EntryFilter filter =
        which
            .filter()
            .orElseThrow(
                () ->
                    options.usage(
                        "say which entries: --host, --prefix, --url, --status, --expired or --invalid; for all there is larder purge"));
    try (OpenCache opened = options.open(console)) {
      Meter meter = Meter.of(opened.cache());
      long count = dryRun ? opened.cache().count(filter) : opened.cache().delete(filter);
      console
          .out()
          .println(
              (dryRun ? "would delete " : "deleted ")
                  + count
                  + (count == 1 ? " entry" : " entries"));
      console.err().println("cost  " + meter.cost());
      return 0;
    }
  }
}
