package dev.larder.tests.cli;

import dev.larder.cli.Main;
import dev.larder.http.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the command, in this JVM or in one of its own. */
final class Cli {
  private static final int PATIENCE_SECONDS = 60;

  private Cli() {}

  /** What came of a run. */
  record Result(int code, Body body, String err) {
    byte[] out() {
      return body.bytes();
    }

    String text() {
      return new String(out(), StandardCharsets.UTF_8);
    }

    /** What standard error says after this word at the beginning of a line. */
    String said(String word) {
      return err.lines()
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.substring(word.length()).trim())
          .findFirst()
          .orElseThrow(() -> new AssertionError("no line begins with " + word + ":\n" + err));
    }
  }

  static Result run(String... arguments) {
    return run(Map.of(), arguments);
  }

  static Result run(Map<String, String> environment, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code = Main.run(arguments, out, err, environment);
    return new Result(code, Body.of(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
  }

  /** A process of its own, whose cache directory is under {@code home}. */
  static Child start(Path home, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("LARDER_HOME", home.toString());
    builder.environment().put("AWS_ACCESS_KEY_ID", "test");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "test");
    return new Child(builder.start());
  }

  /** A running command; killed by close if it has not ended by then. */
  static final class Child implements AutoCloseable {
    private final Process process;
    private final CompletableFuture<byte[]> out;
    private final CompletableFuture<byte[]> err;

    private Child(Process process) {
      this.process = process;
      this.out = reading(process.getInputStream());
      this.err = reading(process.getErrorStream());
    }

    Result await() throws InterruptedException {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the command did not end");
      }
      return new Result(
          process.exitValue(), Body.of(out.join()), new String(err.join(), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }

    private static CompletableFuture<byte[]> reading(InputStream stream) {
      return CompletableFuture.supplyAsync(
          () -> {
            try (stream) {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          task -> new Thread(task, "reading").start());
    }
  }
}
