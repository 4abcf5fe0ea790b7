package dev.larder.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows what the cache does. */
@Command(
    name = "demo",
    description = {
      "Shows step by step what the cache does and what it costs.",
      "Brings a slow origin and an embedded DynamoDB along: needs no network and no AWS account,",
      "and leaves nothing behind."
    })
final class DemoCommand implements Callable<Integer> {
  private final Console console;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (Workplace workplace = Workplace.create()) {
      new Demo(console, workplace).run();
    }
    return 0;
  }
}
