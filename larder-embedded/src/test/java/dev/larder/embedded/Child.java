package dev.larder.embedded;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process running {@link ChildProgram}; ended, if it has not ended by itself, by close. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private Child(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** A child on the class path. */
  static ProcessBuilder command(List<String> options, String... arguments) {
    var command = java("ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(ChildProgram.class.getName());
    return builder(command, arguments);
  }

  /** A child whose every dependency is a module; the programs here are patched into ours. */
  static ProcessBuilder modularCommand(String... arguments) {
    String module = "dev.larder.embedded";
    String tests =
        Path.of(
                URI.create(
                    ChildProgram.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
            .toString();
    String modules =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).equals(Path.of(tests)))
            .collect(Collectors.joining(File.pathSeparator));
    var command = java("DynamoDBLocal,sqlite4java");
    command.addAll(List.of("-p", modules, "--patch-module", module + "=" + tests));
    command.addAll(List.of("-m", module + "/" + ChildProgram.class.getName()));
    return builder(command, arguments);
  }

  private static List<String> java(String nativeAccess) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=" + nativeAccess);
    }
    return command;
  }

  private static ProcessBuilder builder(List<String> command, String... arguments) {
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    // What the user would have to set is not set; what the JVM prints on its own is not tested.
    builder.environment().remove("DDB_LOCAL_TELEMETRY");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }

  /** Starts a child that opens the directory, and waits until it is ready. */
  static Child obeying(Path directory) throws IOException {
    Child child = start("obey", directory);
    child.read();
    return child;
  }

  /** Starts a child that takes the lock of the directory and does nothing more. */
  static Child locking(Path directory) throws IOException {
    Child child = start("lock", directory);
    if (!child.read().equals("locked")) {
      throw new IllegalStateException("The lock was taken");
    }
    return child;
  }

  private static Child start(String what, Path directory) throws IOException {
    return new Child(
        command(List.of(), what, directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Sends a command and waits for the answer. */
  String tell(String command) throws IOException {
    process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return read();
  }

  private String read() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("The child ended");
    }
    return line;
  }

  /** Ends it the hard way and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it by ending its input, so that it closes what it opened. */
  void finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The child goes on");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      output.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
