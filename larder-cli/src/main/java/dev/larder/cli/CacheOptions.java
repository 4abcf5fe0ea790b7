package dev.larder.cli;

import dev.larder.CacheSettings;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.dynamodb.ItemFormat;
import dev.larder.requestscache.RequestsCache;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** Which table a command works on. */
final class CacheOptions {
  /** A database that has just been started, or is far away, takes a while to answer at first. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String DEFAULT_TABLE = "http_cache";

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      defaultValue = DEFAULT_TABLE,
      description =
          "The table: 3 to 255 letters, digits, '_', '.' and '-' (default: ${DEFAULT-VALUE}). Created if it is"
              + " missing, but not by the commands that manage a table.")
  private String table = DEFAULT_TABLE;

  @Option(names = "--endpoint", paramLabel = "URL", description = "Where DynamoDB is.")
  private @Nullable URI endpoint;

  @Option(names = "--region", paramLabel = "CODE", description = "The AWS region.")
  private @Nullable String region;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "The AWS profile to take region and credentials from.")
  private @Nullable String profile;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Which of the caches in the table (default: the one without a name).")
  private String namespace = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = Format.Converter.class,
      description =
          "native, or requests-cache to share the table with that Python library: its keys, its settings, its items"
              + " (default: native).")
  private Format format = Format.NATIVE;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description =
          "Where the embedded DynamoDB keeps its files. Not with --endpoint, --region, --profile.")
  private @Nullable Path home;

  /** Opens the cache to manage it. No table is made of a name that is misspelt. */
  OpenCache open(Console console) {
    return open(settings().build(), console, false);
  }

  /** The settings that belong to the format, to be added to. */
  CacheSettings.Builder settings() {
    CacheSettings.Builder settings =
        format == Format.NATIVE ? CacheSettings.builder() : RequestsCache.settingsBuilder();
    return settings.storageTimeout(PATIENCE);
  }

  /**
   * Opens the cache.
   *
   * @throws ParameterException if the options do not go together or have values that cannot be
   */
  OpenCache open(CacheSettings settings, Console console) {
    return open(settings, console, true);
  }

  private OpenCache open(CacheSettings settings, Console console, boolean createTable) {
    boolean remote = endpoint != null || region != null || profile != null;
    if (remote && home != null) {
      throw usage(
          "--home is about the embedded DynamoDB, which --endpoint, --region and --profile turn off");
    }
    if (format == Format.REQUESTS_CACHE && !namespace.isEmpty()) {
      throw usage("--namespace cannot be with --format requests-cache, which knows no namespaces");
    }
    DynamoDbCache.Builder builder;
    try {
      builder =
          DynamoDbCache.builder()
              .tableName(table)
              .createTable(createTable || !remote)
              .namespace(namespace)
              .format(format.items)
              .settings(settings);
    } catch (IllegalArgumentException e) {
      throw usage(Problems.describe(e));
    }
    if (!remote) {
      Path directory =
          Optional.ofNullable(home)
              .orElseGet(() -> Home.directory(console.environment(), System.getProperties()));
      return OpenCache.embedded(builder, directory);
    }
    if (endpoint != null) {
      builder.endpoint(webAddress("--endpoint", endpoint));
    }
    if (region != null) {
      builder.region(region);
    }
    if (profile != null) {
      builder.profile(profile);
    }
    return OpenCache.remote(builder);
  }

  /**
   * Says that none of these options goes together with another one.
   *
   * @throws ParameterException if one of them was given
   */
  void refuseBeside(String other) {
    boolean given =
        endpoint != null
            || region != null
            || profile != null
            || home != null
            || !namespace.isEmpty()
            || !table.equals(DEFAULT_TABLE)
            || format != Format.NATIVE;
    if (given) {
      throw usage(
          other
              + " uses no table: leave out --table, --namespace, --home, --endpoint, --region, --profile, --format");
    }
  }

  /** The address, if it is one of http or https with a host. */
  URI webAddress(String what, URI address) {
    boolean web =
        "http".equalsIgnoreCase(address.getScheme())
            || "https".equalsIgnoreCase(address.getScheme());
    if (!web || address.getHost() == null) {
      throw usage(what + " must be an http or https address with a host, but is " + address);
    }
    return address;
  }

  ParameterException usage(String message) {
    if (spec == null) {
      throw new IllegalStateException(message);
    }
    return new ParameterException(spec.commandLine(), message);
  }

  /** What the entries are found by, and what they look like. */
  enum Format {
    NATIVE("native", ItemFormat.NATIVE),
    REQUESTS_CACHE("requests-cache", ItemFormat.REQUESTS_CACHE);

    private final String text;
    private final ItemFormat items;

    Format(String text, ItemFormat items) {
      this.text = text;
      this.items = items;
    }

    /** Reads the name of a format. */
    static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String name) {
        for (Format format : values()) {
          if (format.text.equals(name)) {
            return format;
          }
        }
        throw new TypeConversionException(
            "it is native or requests-cache, but this is '" + name + "'");
      }
    }
  }
}
