package dev.larder.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes everything in a cache void. */
@Command(
    name = "purge",
    description = {
      "Makes everything in a cache void, by one write.",
      "Processes that use it learn of that within five seconds. What was void takes up room until",
      "its time to live is over or gc removes it. requests-cache does not know of purges."
    })
final class PurgeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CacheOptions options = new CacheOptions();

  PurgeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenCache opened = options.open(console)) {
      Meter meter = Meter.of(opened.cache());
      opened.cache().purge();
      console.out().println("purged what was in table " + opened.cache().tableName());
      console.err().println("cost  " + meter.cost());
      return 0;
    }
  }
}
