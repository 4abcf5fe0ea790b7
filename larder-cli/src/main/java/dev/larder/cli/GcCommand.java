package dev.larder.cli;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.dynamodb.Garbage;
import dev.larder.http.EntryFilter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what is of no use to anybody. */
@Command(
    name = "gc",
    description = {
      "Removes what is of no use to anybody.",
      "Items past their time to live that DynamoDB has not swept yet, entries that were purged, and",
      "parts of large bodies that no entry refers to. Time to live does that by itself, but not for",
      "entries that never expire. Reads the table up to four times."
    })
final class GcCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CacheOptions options = new CacheOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Say what would be removed, and remove nothing.")
  private boolean dryRun;

  @Option(
      names = "--invalid",
      description =
          "Also remove entries that cannot be decoded here. Encrypted ones, and those of a serializer of yours, are among them.")
  private boolean invalid;

  GcCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenCache opened = options.open(console)) {
      Meter meter = Meter.of(opened.cache());
      Garbage garbage = dryRun ? opened.cache().findGarbage() : opened.cache().removeGarbage();
      String verb = dryRun ? "would remove " : "removed ";
      tell(verb, garbage.over(), "items past their time to live");
      tell(verb, garbage.purged(), "purged entries");
      tell(verb, garbage.parts(), "parts without an entry");
      if (invalid) {
        tell(verb, undecodable(opened.cache()), "entries that cannot be decoded");
      }
      console.err().println("cost  " + meter.cost());
      return 0;
    }
  }

  private long undecodable(DynamoDbCache cache) {
    return dryRun ? cache.count(EntryFilter.invalid()) : cache.delete(EntryFilter.invalid());
  }

  private void tell(String verb, long count, String what) {
    console.out().println(verb + count + " " + what);
  }
}
