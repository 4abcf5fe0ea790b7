package dev.larder.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on 127.0.0.1 that takes its time over each answer and counts them. It has its own few
 * lines of HTTP because {@code Date} has to come from the demonstration's clock: by the JDK's
 * server it would be the real time, and an answer from a clock put forward would look hours old.
 */
final class SlowOrigin implements AutoCloseable {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final ServerSocket server;
  private final Clock clock;
  private final Duration delay;
  private final AtomicInteger requests = new AtomicInteger();

  private SlowOrigin(ServerSocket server, Clock clock, Duration delay) {
    this.server = server;
    this.clock = clock;
    this.delay = delay;
  }

  static SlowOrigin start(Clock clock, Duration delay) throws IOException {
    SlowOrigin origin =
        new SlowOrigin(new ServerSocket(0, 50, InetAddress.getByAddress(LOOPBACK)), clock, delay);
    Thread thread = new Thread(origin::serve, "larder-demo-origin");
    thread.setDaemon(true);
    thread.start();
    return origin;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  /** How many requests it has answered. */
  int requests() {
    return requests.get();
  }

  private void serve() {
    boolean open = true;
    while (open) {
      try (Socket connection = server.accept()) {
        answer(connection);
      } catch (IOException | InterruptedException e) {
        // Either the port was closed, or one client went away and will say so itself.
        open = !server.isClosed();
      }
    }
  }

  private void answer(Socket connection) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
      line = in.readLine();
    }
    Thread.sleep(delay.toMillis());
    int number = requests.incrementAndGet();
    String body =
        "{\"shelf\": 4, \"apples\": 12, \"honey\": 3, \"note\": \"answer number "
            + number
            + " of the origin\"}\n";
    String head =
        "HTTP/1.1 200 OK\r\nDate: "
            + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
            + "\r\nContent-Type: application/json\r\nCache-Control: max-age=3600\r\nETag: \"stock-"
            + number
            + "\"\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n";
    connection.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
    connection.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
