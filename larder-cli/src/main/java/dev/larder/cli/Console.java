package dev.larder.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes to, and what it knows of its surroundings.
 *
 * @param bytes standard output, for bodies; tells when it is broken, which {@code System.out} does
 *     not
 * @param out standard output, for text
 * @param err standard error
 * @param environment the environment variables
 * @param ansi whether to write in colour and bold
 */
record Console(
    OutputStream bytes,
    PrintWriter out,
    PrintWriter err,
    Map<String, String> environment,
    Ansi ansi) {

  static Console standard() {
    return of(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        Ansi.AUTO);
  }

  static Console of(
      OutputStream out, OutputStream err, Map<String, String> environment, Ansi ansi) {
    return new Console(out, writer(out), writer(err), environment, ansi);
  }

  /** The text in bold where styles are wanted. */
  String bold(String text) {
    // What is to end bold alone means a double underline to some terminals.
    return ansi.enabled() ? Ansi.Style.bold.on() + text + Ansi.Style.reset.on() : text;
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
