package dev.larder.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Where the owner of a directory says how to reach it. Written and deleted only by the holder of
 * the {@link DirectoryLock}; replaced in one step, so a reader sees a whole address or none. What
 * it says may be out of date, for a killed owner leaves it behind: {@link ServerAddress#answers}
 * decides.
 */
final class PortFile {
  static final String FILE = "larder-dynamodb.port";

  private final Path file;
  private final Path draft;

  PortFile(Path directory) {
    file = directory.resolve(FILE);
    draft = directory.resolve(FILE + ".new");
  }

  void publish(ServerAddress address) throws IOException {
    Files.writeString(draft, address.port() + "\n" + address.token() + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  Optional<ServerAddress> read() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (lines.size() != 2 || !lines.get(0).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(lines.get(0));
    return port == 0 || port > 65535
        ? Optional.empty()
        : Optional.of(new ServerAddress(port, lines.get(1)));
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
