package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interim responses go on to the one whose request they are about, and stay nowhere. */
@Timeout(180)
class ServeInterimTest {
  private static final String FRESH =
      "HTTP/1.1 200 OK\r\nCache-Control: max-age=100000\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
  private static final String HINTS =
      "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nX-Hint: hint\r\n\r\n";

  @TempDir private static Path home;
  private static Origin origin;
  private static ServeProcess serve;

  @BeforeAll
  static void start() throws IOException {
    origin = new Origin();
    serve = ServeProcess.start(home, origin.uri(), "--memory");
  }

  @AfterAll
  static void stop() throws IOException {
    serve.close();
    origin.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {102, 103, 104, 199})
  void interim_any_reachesTheCallerBeforeTheAnswer(int status) throws IOException {
    String path = "/status/" + status;
    origin.on(path, "HTTP/1.1 " + status + " X\r\n\r\n" + FRESH);

    String answer = get(path);

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").endsWith("\r\n\r\nok");
    assertThat(heads(answer)).hasSize(2);
    assertThat(heads(answer).get(1)).startsWith("HTTP/1.1 200 ").contains("; stored");
  }

  @Test
  void interim_severalWithFields_keepTheirOrder() throws IOException {
    StringBuilder hints = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      hints.append("HTTP/1.1 102 X\r\n\r\nHTTP/1.1 103 X\r\nX-Number: " + i + "\r\n\r\n");
    }
    origin.on("/several", hints + FRESH);

    List<String> heads = heads(get("/several"));

    assertThat(heads).hasSize(41);
    for (int i = 0; i < 20; i++) {
      assertThat(heads.get(2 * i)).startsWith("HTTP/1.1 102 ");
      assertThat(heads.get(2 * i + 1))
          .startsWith("HTTP/1.1 103 ")
          .contains("X-Number: " + i + "\r");
    }
  }

  @Test
  void interim_ofAStoredAnswer_isNotRepeatedOnAHit() throws IOException {
    origin.on("/stored", HINTS + FRESH);
    String first = get("/stored");

    String second = get("/stored");

    assertThat(heads(first)).hasSize(2);
    assertThat(heads(second)).hasSize(1);
    assertThat(second).startsWith("HTTP/1.1 200 ").contains("Larder; hit");
  }

  @Test
  void interim_fields_areInNoAnswer() throws IOException {
    origin.on("/fields", HINTS + FRESH);

    List<String> first = heads(get("/fields"));

    assertThat(first.get(0)).contains("Link: </a.css>", "X-Hint: hint");
    assertThat(first.get(1)).doesNotContain("Link", "X-Hint");
    assertThat(get("/fields")).doesNotContain("Link", "X-Hint");
  }

  @Test
  void interim_fieldsAboutTheConnection_areLeftOut() throws IOException {
    origin.on(
        "/hop", "HTTP/1.1 103 X\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\n\r\n" + FRESH);

    assertThat(heads(get("/hop")).get(0)).contains("X-End: 2").doesNotContain("Hop");
  }

  @Test
  void interim_beforeA304_reachesTheCallerToo() throws IOException {
    origin.on(
        "/stale",
        "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nCache-Control: no-cache\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    get("/stale");
    origin.on("/stale", HINTS + "HTTP/1.1 304 X\r\nETag: \"1\"\r\nConnection: close\r\n\r\n");

    String answer = get("/stale");

    assertThat(heads(answer)).hasSize(2);
    assertThat(heads(answer).get(1)).startsWith("HTTP/1.1 200 ").doesNotContain("X-Hint");
    assertThat(answer).endsWith("\r\n\r\nok");
  }

  @Test
  void interim_beforeABrokenAnswer_isFollowedByOurs() throws IOException {
    origin.on("/broken", HINTS);

    List<String> heads = heads(get("/broken"));

    assertThat(heads.get(0)).startsWith("HTTP/1.1 103 ");
    assertThat(heads.get(1)).startsWith("HTTP/1.1 502 ").doesNotContain("X-Hint");
  }

  @Test
  void continue_thatNobodyAskedFor_isNotPassedOn() throws IOException {
    origin.on("/continue", "HTTP/1.1 100 Continue\r\n\r\n" + FRESH);

    assertThat(get("/continue")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void interim_forACallerOfHttp10_isLeftOut() throws IOException {
    origin.on("/old", HINTS + FRESH);

    assertThat(serve.exchange("GET /old HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void interim_forOneOfTwoCallers_isNotForTheOther() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    origin.on("/both", HINTS, open, FRESH);
    try (Socket leader = new Socket(serve.address().getHost(), serve.address().getPort())) {
      leader.getOutputStream().write(request("/both").getBytes(StandardCharsets.ISO_8859_1));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(leader.getInputStream(), StandardCharsets.ISO_8859_1));
      String interim = in.readLine();
      CompletableFuture<String> follower = CompletableFuture.supplyAsync(() -> unchecked("/both"));
      open.countDown();

      assertThat(interim).startsWith("HTTP/1.1 103 ");
      assertThat(follower.get()).startsWith("HTTP/1.1 200 ").endsWith("ok");
      assertThat(origin.count("/both")).isEqualTo(1);
    }
  }

  private static String unchecked(String path) {
    try {
      return get(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String get(String path) throws IOException {
    return serve.exchange(request(path));
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  /** The heads of all that came, interim and final; the body has no empty line. */
  private static List<String> heads(String answer) {
    List<String> heads = new ArrayList<>();
    for (int from = 0; answer.startsWith("HTTP/1.1 ", from); ) {
      int end = answer.indexOf("\r\n\r\n", from) + 4;
      heads.add(answer.substring(from, end));
      from = end;
    }
    return heads;
  }

  /** Says what it is told to, once per connection. */
  private static final class Origin implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    private record Script(String before, CountDownLatch open, String after, AtomicInteger count) {}

    Origin() throws IOException {
      Thread thread = new Thread(this::accept, "interim-origin");
      thread.setDaemon(true);
      thread.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    }

    void on(String path, String answer) {
      on(path, answer, new CountDownLatch(0), "");
    }

    void on(String path, String before, CountDownLatch open, String after) {
      scripts.put(path, new Script(before, open, after, new AtomicInteger()));
    }

    int count(String path) {
      return scripts.get(path).count().get();
    }

    private void accept() {
      while (!server.isClosed()) {
        try (Socket connection = server.accept()) {
          answer(connection);
        } catch (IOException | InterruptedException e) {
          // Closed, or a client that went away.
        }
      }
    }

    private void answer(Socket connection) throws IOException, InterruptedException {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      String line = in.readLine();
      String path = line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
      while (!in.readLine().isEmpty()) {
        // The fields do not matter.
      }
      Script script = scripts.get(path);
      script.count().incrementAndGet();
      OutputStream out = connection.getOutputStream();
      out.write(script.before().getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      script.open().await();
      out.write(script.after().getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
