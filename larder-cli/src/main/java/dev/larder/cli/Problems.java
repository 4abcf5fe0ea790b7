package dev.larder.cli;

import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
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
      Optional<String> unknown =
          top && e instanceof UnmatchedArgumentException unmatched
              ? unmatched.getUnmatched().stream().filter(word -> !word.startsWith("-")).findFirst()
              : Optional.empty();
      if (unknown.isPresent()) {
        err.println("larder: there is no command '" + unknown.get() + "'");
        Names.closest(unknown.get(), line.getSubcommands().keySet())
            .ifPresent(command -> err.println("Did you mean: larder " + command));
      } else {
        err.println("larder: " + e.getMessage());
        if (UnmatchedArgumentException.printSuggestions(e, err)) {
          return ExitCode.USAGE;
        }
      }
      err.println("Try: larder help" + (top ? "" : " " + line.getCommandName()));
      return ExitCode.USAGE;
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
