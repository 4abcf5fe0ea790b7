package dev.larder.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command without a subcommand. */
@Command(
    name = "larder",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    description = "A persistent HTTP response cache, kept in DynamoDB.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = LarderCommand.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:success",
      " 1:failure; standard error says why",
      " 2:wrong usage",
      "22:get: the answer has a status of 400 or more"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  LARDER_HOME  where the embedded DynamoDB keeps its files",
      "               (default: larder in the user's cache directory)",
      "  NO_COLOR     if set, no colours are used",
      "",
      "Without --endpoint, --region and --profile, commands use an embedded DynamoDB on this",
      "machine; with any of them, the one of AWS or at the endpoint."
    })
final class LarderCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack traces of failures; serve: also a line for each request.")
  private boolean verbose;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "say what to do: larder COMMAND");
    }
  }

  /** Whether failures are to be shown with their stack traces. */
  boolean verbose() {
    return verbose;
  }

  /** Reads the version that the build wrote. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"larder " + number()};
    }

    private static String number() {
      Properties properties = new Properties();
      try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException("version.properties cannot be read", e);
      }
      return properties.getProperty("version");
    }
  }
}
