package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import dev.larder.InMemoryCache;
import dev.larder.jdk.CachingHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies far larger than the heap, in a child JVM with 64 MB; the origin is in this one. */
@Tag("drill")
class StreamingDrill {
  private static final long GIGABYTE = 1L << 30;
  private static final int EIGHT_MEGABYTES = 8 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"known", "chunked", "many"})
  void send_bodiesLargerThanTheHeap_deliveredWholeAndToldIfNotStored(String what) throws Exception {
    try (ServerSocket origin = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread accepting = new Thread(() -> accept(origin));
      accepting.setDaemon(true);
      accepting.start();
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-XX:MaxDirectMemorySize=64m",
                  "-XX:+ExitOnOutOfMemoryError",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Child.class.getName(),
                  Integer.toString(origin.getLocalPort()),
                  what)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).as(output).isZero();
      assertThat(output).contains("all right");
    }
  }

  private static void accept(ServerSocket origin) {
    try {
      while (true) {
        Socket connection = origin.accept();
        Thread serving = new Thread(() -> serve(connection));
        serving.setDaemon(true);
        serving.start();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void serve(Socket connection) {
    try (connection) {
      InputStream in = connection.getInputStream();
      String path = path(in);
      long length = path.startsWith("/many") ? EIGHT_MEGABYTES : GIGABYTE;
      boolean chunked = path.startsWith("/chunked");
      OutputStream out = connection.getOutputStream();
      String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length;
      ascii(
          out,
          "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nConnection: close\r\n"
              + framing
              + "\r\n\r\n");
      byte[] block = new byte[64 * 1024];
      for (long position = 0; position < length; position += block.length) {
        for (int i = 0; i < block.length; i += 1024) {
          block[i] = at(position + i);
        }
        if (chunked) {
          ascii(out, Integer.toHexString(block.length) + "\r\n");
        }
        out.write(block);
        if (chunked) {
          ascii(out, "\r\n");
        }
      }
      if (chunked) {
        ascii(out, "0\r\n\r\n");
      }
      out.flush();
      connection.shutdownOutput();
      in.readAllBytes();
    } catch (IOException e) {
      // The client went away.
    }
  }

  private static void ascii(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String path(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.read());
    }
    return head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP"));
  }

  /** What a body has at each 1024th place; other places hold zero. */
  private static byte at(long position) {
    return (byte) (1 + (position >> 10) % 101);
  }

  /** What runs in the small heap. */
  static final class Child {
    private final List<CacheEvent> events = new CopyOnWriteArrayList<>();
    private final URI origin;

    private Child(URI origin) {
      this.origin = origin;
    }

    public static void main(String[] arguments) throws Exception {
      new Child(URI.create("http://127.0.0.1:" + arguments[0])).run(arguments[1]);
    }

    private void run(String what) throws Exception {
      CacheSettings.Builder settings = CacheSettings.builder().listener(events::add);
      if (what.equals("many")) {
        settings.recordingBudget(10 << 20);
      }
      try (HttpCache cache =
          InMemoryCache.builder()
              .maxBytes(2 * EIGHT_MEGABYTES)
              .settings(settings.build())
              .build()) {
        CachingHttpClient client = CachingHttpClient.builder(cache).build();
        if (what.equals("many")) {
          many(client);
        } else {
          check(send(client, what).join(), GIGABYTE);
          require(cache.count() == 0, "not stored");
          require(toldTooLarge(), "an event that says so: " + events);
        }
        client.close();
      }
      System.out.println("all right");
    }

    private void many(CachingHttpClient client) throws IOException {
      List<CompletableFuture<HttpResponse<InputStream>>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(send(client, "many" + i));
      }
      List<HttpResponse<InputStream>> responses =
          answers.stream().map(CompletableFuture::join).toList();
      for (HttpResponse<InputStream> response : responses) {
        check(response, EIGHT_MEGABYTES);
      }
    }

    private CompletableFuture<HttpResponse<InputStream>> send(
        CachingHttpClient client, String path) {
      return client.sendAsync(
          HttpRequest.newBuilder(origin.resolve("/" + path)).build(), BodyHandlers.ofInputStream());
    }

    private static void check(HttpResponse<InputStream> response, long length) throws IOException {
      byte[] block = new byte[1024];
      long position = 0;
      try (InputStream body = response.body()) {
        while (body.readNBytes(block, 0, block.length) == block.length) {
          require(block[0] == at(position) && block[1] == 0, "the right byte at " + position);
          position += block.length;
        }
      }
      require(position == length, length + " bytes, not " + position);
    }

    private boolean toldTooLarge() {
      return events.stream().anyMatch(event -> event.type() == CacheEvent.Type.TOO_LARGE);
    }

    private static void require(boolean holds, String what) {
      if (!holds) {
        throw new AssertionError("expected " + what);
      }
    }
  }
}
