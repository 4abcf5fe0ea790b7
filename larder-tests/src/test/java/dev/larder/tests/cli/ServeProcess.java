package dev.larder.tests.cli;

import dev.larder.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code larder serve} in a process of its own; ended by close. */
final class ServeProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;
  private static final String READY = "listening on ";

  private final Process process;
  private final CompletableFuture<List<String>> err;
  private final URI address;

  private ServeProcess(Process process, CompletableFuture<List<String>> err, URI address) {
    this.process = process;
    this.err = err;
    this.address = address;
  }

  /** Starts it and waits until it is ready. */
  static ServeProcess start(Path home, URI origin, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("serve", "--origin", origin.toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("LARDER_HOME", home.toString());
    Process process = builder.start();
    CompletableFuture<List<String>> err =
        CompletableFuture.supplyAsync(
            () -> process.errorReader(StandardCharsets.UTF_8).lines().toList(),
            task -> new Thread(task, "reading").start());
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith(READY)) {
      process.destroyForcibly();
      throw new AssertionError("not ready, but: " + line + " " + err.join());
    }
    return new ServeProcess(process, err, URI.create(line.substring(READY.length())));
  }

  URI address() {
    return address;
  }

  URI uri(String path) {
    return URI.create(address + path);
  }

  /** Sends these bytes and returns all that comes until the connection is closed. */
  String exchange(String request) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** Tells it to end, as Ctrl-C and SIGTERM do; returns its exit code. */
  int end() throws InterruptedException {
    // Process.destroy() would also close the streams, and what it said could not be read.
    process.toHandle().destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the command did not end");
    }
    return process.exitValue();
  }

  /** What it wrote to standard error; it must have ended. */
  List<String> err() {
    return err.join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
