package dev.larder.jdk;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * An origin on loopback that answers each path exactly as a test says, faithful or not, and
 * remembers what it was asked. One request per connection, so that a false answer spoils no other.
 */
final class Origin implements AutoCloseable {
  /** What was asked: request line and field lines. */
  record Received(String line, List<String> fields) {
    String method() {
      return line.substring(0, line.indexOf(' '));
    }

    String path() {
      return URI.create(line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '))).getPath();
    }

    String field(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return fields.stream()
          .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(field -> field.substring(prefix.length()).trim())
          .findFirst()
          .orElse("");
    }
  }

  /** Answers one request. */
  interface Answer {
    void to(Received request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  final List<Received> received = new CopyOnWriteArrayList<>();

  Origin() {
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  Origin on(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  /** Answers with status 200, this body and these field lines, names and values alternating. */
  Origin on(String path, String body, String... fields) {
    return on(path, (request, out) -> reply(out, 200, body, fields));
  }

  static void reply(OutputStream out, int status, String body, String... fields)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    head(out, status, bytes.length, fields);
    out.write(bytes);
  }

  /** A head that announces a length, true or not; -1 announces none. */
  static void head(OutputStream out, int status, long length, String... fields) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
    for (int i = 0; i < fields.length; i += 2) {
      head.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
    }
    if (length >= 0) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    out.write(head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  int requests() {
    return received.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        connections.add(connection);
        if (server.isClosed()) {
          // A port is open until the thread that waits on it wakes up, and by then somebody may
          // have connected, who would wait for an answer for ever.
          connection.close();
          return;
        }
        connection.setTcpNoDelay(true);
        threads.execute(() -> serve(connection));
      }
    } catch (IOException | RejectedExecutionException e) {
      // Closed.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      Received request = read(in);
      received.add(request);
      OutputStream out = connection.getOutputStream();
      answers.getOrDefault(request.path(), (asked, to) -> reply(to, 404, "")).to(request, out);
      out.flush();
      connection.shutdownOutput();
      // Until the client has closed too: closing with bytes unread would reset the connection.
      in.readAllBytes();
    } catch (IOException e) {
      // The client went away; that is its right.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private static Received read(InputStream in) throws IOException {
    String line = line(in);
    List<String> fields = new CopyOnWriteArrayList<>();
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      fields.add(field);
    }
    Received request = new Received(line, fields);
    String length = request.field("Content-Length");
    in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
    return request;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended within a head");
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
