package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proxy's client to an origin behind TLS, directly and through a tunnel. */
@Timeout(60)
class OriginTlsTest {
  private static final String PASSWORD = "secret";

  private static SSLContext before;
  private static SSLContext tls;

  @BeforeAll
  static void keys(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "origin",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    before = SSLContext.getDefault();
    SSLContext.setDefault(tls);
  }

  @AfterAll
  static void restore() {
    SSLContext.setDefault(before);
  }

  private static SSLServerSocket listen() throws IOException {
    return (SSLServerSocket)
        tls.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static void serve(SSLServerSocket server) {
    try {
      while (true) {
        Socket connection = server.accept();
        start(() -> answer(connection));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Two answers on one connection, if that is used again, the second of which ends with it. */
  private static void answer(Socket connection) {
    try (connection) {
      InputStream in = connection.getInputStream();
      OutputStream out = connection.getOutputStream();
      while (readHead(in).startsWith("GET /first")) {
        out.write(RawOrigin.bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"));
      }
      out.write(RawOrigin.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: odd\r\n\r\nsecond"));
    } catch (IOException e) {
      // The client shows it.
    }
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection has ended");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "origin");
    thread.setDaemon(true);
    thread.start();
  }

  private static String get(OriginClient client, SSLServerSocket server, String path)
      throws Exception {
    URI uri = URI.create("https://localhost:" + server.getLocalPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  @Test
  void send_overTls_readsOneResponseAfterTheOther() throws Exception {
    try (SSLServerSocket server = listen();
        OriginClient client = OriginClient.start(Duration.ofSeconds(10), List.of())) {
      start(() -> serve(server));

      assertThat(get(client, server, "/first")).isEqualTo("first");
      assertThat(get(client, server, "/second")).isEqualTo("second");
    }
  }

  @Test
  void send_throughATunnel_readsOneResponseAfterTheOther() throws Exception {
    try (SSLServerSocket server = listen();
        RawOrigin proxy = new RawOrigin((head, in, out) -> tunnel(server.getLocalPort(), in, out));
        OriginClient client =
            OriginClient.start(
                Duration.ofSeconds(10),
                List.of(
                    new Proxy(
                        Proxy.Type.HTTP,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))))) {
      start(() -> serve(server));

      assertThat(get(client, server, "/first")).isEqualTo("first");
      assertThat(get(client, server, "/second")).isEqualTo("second");
      assertThat(proxy.heads).isNotEmpty().allMatch(head -> head.startsWith("CONNECT localhost:"));
    }
  }

  private static void tunnel(int port, InputStream in, OutputStream out) throws IOException {
    try (Socket origin = new Socket(InetAddress.getLoopbackAddress(), port)) {
      out.write(RawOrigin.bytes("HTTP/1.1 200 OK\r\n\r\n"));
      start(() -> copy(in, origin));
      origin.getInputStream().transferTo(out);
    }
    throw new IOException("hang up");
  }

  private static void copy(InputStream in, Socket origin) {
    try {
      in.transferTo(origin.getOutputStream());
    } catch (IOException e) {
      // The other direction has ended.
    }
  }
}
