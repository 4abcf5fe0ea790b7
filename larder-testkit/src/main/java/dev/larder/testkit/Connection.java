package dev.larder.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.testkit.Answer.Fault;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One connection of a {@link ScriptedOrigin}: requests and answers in turn (RFC 9112). */
final class Connection {
  private static final int MAX_LINE = 64 * 1024;
  private static final long MAX_WAIT_SECONDS = 60;

  private final ScriptedOrigin origin;
  private final Socket socket;
  private final Thread thread;

  Connection(ScriptedOrigin origin, Socket socket) {
    this.origin = origin;
    this.socket = socket;
    this.thread =
        new Thread(this::run, "scripted-origin-" + socket.getLocalPort() + "-" + socket.getPort());
    thread.setDaemon(true);
  }

  Thread thread() {
    return thread;
  }

  /** Ends it from another thread, whatever it waits for. */
  void close() {
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // It is not used any more, whichever way it ended.
    }
    thread.interrupt();
  }

  private void run() {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean open = true;
      while (open) {
        open = exchange(in, out);
      }
    } catch (IOException | RuntimeException clientGoneOrScriptFailed) {
      // The socket is closed: the client sees it, and a test sees what the client makes of it.
    } catch (InterruptedException originClosed) {
      Thread.currentThread().interrupt();
    } finally {
      origin.ended(this);
    }
  }

  /** Reads one request and answers it. Returns whether the connection can go on. */
  private boolean exchange(InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    String requestLine = readLine(in);
    if (requestLine.isEmpty()) {
      return false;
    }
    String[] parts = requestLine.split(" ", 3);
    if (parts.length < 3) {
      throw new ProtocolException("not a request line: " + requestLine);
    }
    Headers headers = readHeaders(in);
    if (has(headers, "Expect", "100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
    }
    Body body = readBody(in, headers);
    ScriptedOrigin.Request request = new ScriptedOrigin.Request(parts[0], parts[1], headers, body);
    Answer answer = origin.answer(request);
    await(answer);
    if (answer.fault() == Fault.NO_ANSWER) {
      return false;
    }
    send(out, answer, request.method().equals("HEAD"));
    return answer.fault() == Fault.NONE
        && !has(headers, "Connection", "close")
        && !has(answer.headers(), "Connection", "close")
        && parts[2].equals("HTTP/1.1");
  }

  private static void await(Answer answer) throws InterruptedException {
    if (answer.latch().isPresent()
        && !answer.latch().get().await(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the latch of an answer did not open within a minute");
    }
    TimeUnit.NANOSECONDS.sleep(answer.delay().toNanos());
  }

  private void send(OutputStream out, Answer answer, boolean head) throws IOException {
    byte[] body = answer.body().bytes();
    boolean mayHaveBody =
        answer.status() >= 200 && answer.status() != 204 && answer.status() != 304;
    boolean chunked = has(answer.headers(), "Transfer-Encoding", "chunked");
    StringBuilder text = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" \r\n");
    boolean tooLarge = answer.fault() == Fault.LENGTH_TOO_LARGE;
    for (Headers.Field field : answer.headers().fields()) {
      if (!(tooLarge && field.named("Content-Length"))) {
        text.append(field.name()).append(": ").append(field.value()).append("\r\n");
      }
    }
    if (tooLarge) {
      text.append("Content-Length: ").append(body.length + 10).append("\r\n");
    } else if (mayHaveBody && !chunked && !answer.headers().contains("Content-Length")) {
      text.append("Content-Length: ").append(body.length).append("\r\n");
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(text.append("\r\n").toString().getBytes(ISO_8859_1));
    int headLength = message.size();
    if (mayHaveBody && !head) {
      message.writeBytes(chunked ? chunk(body) : body);
    }
    if (answer.fault() == Fault.RESET_HALFWAY) {
      out.write(message.toByteArray(), 0, (headLength + message.size()) / 2);
      out.flush();
      // Closing with no time to linger sends a reset in place of an orderly end.
      socket.setSoLinger(true, 0);
      return;
    }
    message.writeTo(out);
    out.flush();
  }

  private static byte[] chunk(byte[] body) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    int half = body.length / 2;
    for (int[] piece : new int[][] {{0, half}, {half, body.length - half}}) {
      if (piece[1] > 0) {
        chunks.writeBytes((Integer.toHexString(piece[1]) + "\r\n").getBytes(ISO_8859_1));
        chunks.write(body, piece[0], piece[1]);
        chunks.writeBytes("\r\n".getBytes(ISO_8859_1));
      }
    }
    chunks.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    return chunks.toByteArray();
  }

  private static Headers readHeaders(InputStream in) throws IOException {
    Headers.Builder headers = Headers.builder();
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("not a field line: " + line);
      }
      headers.addIfValid(line.substring(0, colon), line.substring(colon + 1));
    }
    return headers.build();
  }

  private static Body readBody(InputStream in, Headers headers) throws IOException {
    if (has(headers, "Transfer-Encoding", "chunked")) {
      return Body.of(readChunks(in));
    }
    int length = Integer.parseInt(headers.first("Content-Length").orElse("0"));
    return Body.of(readExactly(in, length));
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(readLine(in).split(";", 2)[0].trim(), 16);
      if (length == 0) {
        readHeaders(in);
        return body.toByteArray();
      }
      body.writeBytes(readExactly(in, length));
      readLine(in);
    }
  }

  private static byte[] readExactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the request ended after " + bytes.length + " of " + length);
    }
    return bytes;
  }

  /** A line without its end; empty at the end of the stream. */
  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.write(c);
      if (line.size() > MAX_LINE) {
        throw new ProtocolException("a line of the request is longer than " + MAX_LINE);
      }
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private static boolean has(Headers headers, String name, String value) {
    return headers.combined(name).orElse("").toLowerCase(Locale.ROOT).contains(value);
  }
}
