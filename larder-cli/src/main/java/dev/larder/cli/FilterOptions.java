package dev.larder.cli;

import dev.larder.http.EntryFilter;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which entries a command is about: those for which everything holds that is asked. */
final class FilterOptions {
  @Option(names = "--host", paramLabel = "HOST", description = "With a URL on this host.")
  private @Nullable String host;

  @Option(names = "--prefix", paramLabel = "URL", description = "With a URL that begins so.")
  private @Nullable String prefix;

  @Option(names = "--url", paramLabel = "URL", description = "With exactly this URL.")
  private @Nullable String url;

  @Option(names = "--status", paramLabel = "CODE", description = "With this status code.")
  private @Nullable Integer status;

  @Option(names = "--expired", description = "No longer fresh.")
  private boolean expired;

  @Option(
      names = "--invalid",
      description =
          "That cannot be decoded here. Encrypted entries, and those of a serializer of yours, are among them.")
  private boolean invalid;

  /** The filter; empty if nothing was asked. */
  Optional<EntryFilter> filter() {
    return Stream.of(
            Optional.ofNullable(host).map(EntryFilter::host),
            Optional.ofNullable(prefix).map(EntryFilter::urlPrefix),
            Optional.ofNullable(url).map(EntryFilter::url),
            Optional.ofNullable(status).map(EntryFilter::status),
            expired ? Optional.of(EntryFilter.expired()) : Optional.<EntryFilter>empty(),
            invalid ? Optional.of(EntryFilter.invalid()) : Optional.<EntryFilter>empty())
        .flatMap(Optional::stream)
        .reduce(EntryFilter::and);
  }
}
