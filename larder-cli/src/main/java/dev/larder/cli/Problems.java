package dev.larder.cli;

import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How failures are told: one message on standard error, and no stack trace unless asked for. */
final class Problems {
  private static final String SEE_THE_CAUSE = "see the cause";

  private Problems() {}

  /** What went wrong, in one line. */
  static String describe(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName() + causeOf(failure);
    }
    if (failure instanceof FileSystemException) {
      // Its message is the file alone; what is wrong with it is in the name of the class.
      return failure.getClass().getSimpleName() + ": " + message;
    }
    return message.endsWith(SEE_THE_CAUSE)
        ? message.substring(0, message.length() - SEE_THE_CAUSE.length())
            + "the cause"
            + causeOf(failure)
        : message;
  }

  private static String causeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? "" : ": " + describe(cause);
  }

  /** The command was called wrongly. */
  static final class OfUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
      CommandLine line = e.getCommandLine();
      PrintWriter err = line.getErr();
      boolean top = line.getParent() == null;
      Optional<String> option = unknownOption(e, arguments);
      Optional<String> command = top ? unmatched(e).findFirst() : Optional.empty();
      if (option.isPresent()) {
        err.println("larder: there is no option '" + option.get() + "'");
        Names.meant(option.get(), longOptions(line))
            .ifPresent(meant -> err.println("Did you mean: " + meant));
      } else if (command.isPresent()) {
        err.println("larder: there is no command '" + command.get() + "'");
        Names.meant(command.get(), line.getSubcommands().keySet())
            .ifPresent(meant -> err.println("Did you mean: larder " + meant));
      } else {
        err.println("larder: " + e.getMessage());
      }
      err.println("Try: larder help" + (top ? "" : " " + line.getCommandName()));
      return ExitCode.USAGE;
    }

    /**
     * The option that the command does not have, without its value. It is the mistake, too, where
     * one that is required seems to be missing because of it.
     */
    private static Optional<String> unknownOption(ParameterException e, String[] arguments) {
      Set<String> known = e.getCommandLine().getCommandSpec().optionsMap().keySet();
      Stream<String> words =
          e instanceof MissingParameterException
              ? Arrays.stream(arguments)
                  .takeWhile(word -> !word.equals("--"))
                  .filter(word -> word.startsWith("--"))
              : unmatched(e).filter(word -> word.startsWith("-"));
      return words
          .map(word -> word.replaceFirst("=.*", ""))
          .filter(word -> !known.contains(word))
          .findFirst();
    }

    /** One letter is as near to another as to any. */
    private static List<String> longOptions(CommandLine line) {
      return line.getCommandSpec().optionsMap().keySet().stream()
          .filter(name -> name.startsWith("--"))
          .toList();
    }

    private static Stream<String> unmatched(ParameterException e) {
      return e instanceof UnmatchedArgumentException unmatched
          ? unmatched.getUnmatched().stream()
          : Stream.empty();
    }
  }

  /** The command failed. */
  static final class OfExecution implements IExecutionExceptionHandler {
    private final BooleanSupplier stackTraces;

    OfExecution(BooleanSupplier stackTraces) {
      this.stackTraces = stackTraces;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult result) {
      line.getErr().println("larder: " + describe(e));
      if (stackTraces.getAsBoolean()) {
        e.printStackTrace(line.getErr());
      }
      return ExitCode.SOFTWARE;
    }
  }
}
