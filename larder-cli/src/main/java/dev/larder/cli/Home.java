package dev.larder.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Where the command keeps its files when nobody says so. */
final class Home {
  private Home() {}

  /**
   * {@code LARDER_HOME}, else {@code larder} in the user's cache directory: {@code XDG_CACHE_HOME}
   * or {@code ~/.cache}, on macOS {@code ~/Library/Caches}, on Windows {@code %LOCALAPPDATA%}.
   */
  static Path directory(Map<String, String> environment, Properties system) {
    Optional<Path> own = variable(environment, "LARDER_HOME");
    if (own.isPresent()) {
      return own.get();
    }
    Path user = Path.of(system.getProperty("user.home"));
    String os = system.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.startsWith("windows")) {
      return variable(environment, "LOCALAPPDATA")
          .orElse(user.resolve("AppData").resolve("Local"))
          .resolve("larder")
          .resolve("cache");
    }
    if (os.startsWith("mac")) {
      return user.resolve("Library").resolve("Caches").resolve("larder");
    }
    // A relative path there is to be ignored, says the XDG base directory specification.
    return variable(environment, "XDG_CACHE_HOME")
        .filter(Path::isAbsolute)
        .orElse(user.resolve(".cache"))
        .resolve("larder");
  }

  private static Optional<Path> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isBlank())
        .map(Path::of);
  }
}
