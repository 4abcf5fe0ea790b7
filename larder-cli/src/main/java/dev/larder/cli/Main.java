package dev.larder.cli;

import java.io.OutputStream;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The {@code larder} command.
 *
 * <p>Exit codes: 0 for success; 1 if it failed, with one message on standard error; 2 if it was
 * called wrongly; 22 if the answer to {@code get} has a status of 400 or more.
 */
public final class Main {
  private Main() {}

  /** Runs the command and ends the JVM. */
  public static void main(String[] arguments) {
    int code = run(arguments, Console.standard());
    // DynamoDB Local leaves threads behind that would keep the JVM alive.
    System.exit(code);
  }

  /**
   * Runs the command in this JVM, without colours.
   *
   * @param arguments as on the command line
   * @param out standard output
   * @param err standard error
   * @param environment the environment variables to go by
   * @return the exit code
   */
  public static int run(
      String[] arguments, OutputStream out, OutputStream err, Map<String, String> environment) {
    return run(arguments, Console.of(out, err, environment, Ansi.OFF));
  }

  private static int run(String[] arguments, Console console) {
    LarderCommand larder = new LarderCommand();
    CommandLine line = new CommandLine(larder);
    line.addSubcommand(new GetCommand(console));
    line.addSubcommand(new ServeCommand(console, larder::verbose));
    line.addSubcommand(new LsCommand(console));
    line.addSubcommand(new RmCommand(console));
    line.addSubcommand(new PurgeCommand(console));
    line.addSubcommand(new GcCommand(console));
    line.addSubcommand(new DemoCommand(console));
    line.addSubcommand(new CommandLine.HelpCommand());
    line.setOut(console.out());
    line.setErr(console.err());
    line.setColorScheme(CommandLine.Help.defaultColorScheme(console.ansi()));
    line.setParameterExceptionHandler(new Problems.OfUsage());
    line.setExecutionExceptionHandler(new Problems.OfExecution(larder::verbose));
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    int code = line.execute(arguments);
    console.out().flush();
    console.err().flush();
    return code;
  }
}
