package dev.larder.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * This command in a process of its own, on the same class path or module path.
 *
 * @param out the lines of its standard output
 * @param err the lines of its standard error
 */
record OtherProcess(List<String> out, List<String> err) {
  private static final int PATIENCE_SECONDS = 60;

  /**
   * Runs it and waits for its end.
   *
   * @param workplace ends it, if it has to end before
   * @throws IOException if it fails or writes more than a pipe holds and so does not end
   */
  static OtherProcess run(Workplace workplace, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).start();
    AutoCloseable ending = workplace.add(process::destroyForcibly);
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended || process.exitValue() != 0) {
      workplace.remove(ending);
      throw new IOException(
          "the second process "
              + (ended
                  ? "failed: " + String.join(" ", lines(process.errorReader()))
                  : "did not end"));
    }
    return new OtherProcess(lines(process.inputReader()), lines(process.errorReader()));
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    String classes = System.getProperty("java.class.path", "");
    if (classes.isEmpty()) {
      Module module = Main.class.getModule();
      command.add("--enable-native-access=DynamoDBLocal,sqlite4java");
      command.addAll(List.of("-p", System.getProperty("jdk.module.path", "")));
      command.addAll(List.of("-m", module.getName() + "/" + Main.class.getName()));
    } else {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(List.of("-cp", classes, Main.class.getName()));
    }
    return command;
  }

  private static List<String> lines(BufferedReader reader) throws IOException {
    try (reader) {
      return reader.lines().toList();
    }
  }
}
