package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the proxy begins and ends, and what its options change. */
@Timeout(180)
class ServeLifeTest {
  private static final String GET = "GET /stock HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

  @TempDir private Path home;
  private ScriptedOrigin origin;

  @BeforeEach
  void start() {
    origin = ScriptedOrigin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void end_byTheSignal_closesTheDatabaseWhichAnotherProcessThenHits() throws Exception {
    origin.respond("/stock", Answer.ok("apples").withHeader("Cache-Control", "max-age=3600"));
    try (ServeProcess serve = ServeProcess.start(home, origin.uri("/"), "--verbose")) {
      assertThat(serve.address().toString()).matches("http://127\\.0\\.0\\.1:[0-9]+");
      assertThat(serve.exchange(GET + "\r\n")).contains("fwd=uri-miss; stored");

      int code = serve.end();

      // 128 + the number of the signal, as the JVM ends after it.
      assertThat(code).isEqualTo(143);
      assertThat(serve.err()).containsExactly("GET /stock 200 Larder; fwd=uri-miss; stored");
    }
    try (ServeProcess next = ServeProcess.start(home, origin.uri("/"))) {
      assertThat(next.exchange(GET + "\r\n")).contains("Larder; hit").endsWith("apples");
      assertThat(next.end()).isEqualTo(143);
      assertThat(next.err()).isEmpty();
    }
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void port_zero_isAFreeOneThatIsNamed() throws IOException {
    origin.respond("/stock", Answer.ok("apples"));
    try (ServeProcess serve =
        ServeProcess.start(home, origin.uri("/"), "--memory", "--port", "0")) {
      assertThat(serve.address().getPort()).isPositive();
      assertThat(serve.exchange(GET + "\r\n")).endsWith("apples");
    }
  }

  @Test
  void origin_gone_isABadGatewayThatSaysWhatWasTried() throws IOException {
    URI gone;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = URI.create("http://127.0.0.1:" + server.getLocalPort());
    }
    try (ServeProcess serve = ServeProcess.start(home, gone, "--memory")) {
      assertThat(serve.exchange(GET + "\r\n"))
          .startsWith("HTTP/1.1 502 ")
          .contains("Cache-Status: Larder; fwd=miss; detail=unreachable\r\n");
      assertThat(serve.exchange(GET.replace("GET", "DELETE") + "\r\n"))
          .contains("Cache-Status: Larder; fwd=method; detail=unreachable\r\n");
    }
  }

  @Test
  void shared_responseToAuthorization_isNotStored() throws IOException {
    origin.respond("/stock", Answer.ok("x").withHeader("Cache-Control", "private, max-age=3600"));
    try (ServeProcess serve = ServeProcess.start(home, origin.uri("/"), "--memory", "--shared")) {
      serve.exchange(GET + "\r\n");
      serve.exchange(GET + "\r\n");
    }
    assertThat(origin.count()).isEqualTo(2);
  }

  @Test
  void staleIfError_originFails_answersWithWhatHasExpired() throws IOException {
    origin.enqueue(
        "/stock",
        Answer.ok("apples").withHeader("Cache-Control", "max-age=1").withHeader("Age", "10"),
        Answer.ok("x").withFault(Answer.Fault.NO_ANSWER));
    try (ServeProcess serve =
        ServeProcess.start(home, origin.uri("/"), "--memory", "--stale-if-error")) {
      serve.exchange(GET + "\r\n");

      assertThat(serve.exchange(GET + "\r\n")).startsWith("HTTP/1.1 200 ").endsWith("apples");
    }
  }

  @Test
  void origin_withAPath_isPutBeforeWhatIsAsked() throws IOException {
    origin.respond("/base/stock", Answer.ok("apples"));
    try (ServeProcess serve = ServeProcess.start(home, origin.uri("/base/"), "--memory")) {
      assertThat(serve.exchange(GET + "\r\n")).endsWith("apples");
    }
  }
}
