package dev.larder.tests.http2;

import java.io.IOException;
import java.net.URI;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A server on loopback that speaks HTTP/2, in the clear or over TLS, and HTTP/1.1. */
final class Http2Origin implements AutoCloseable {
  private final Server server;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final String start;

  /** Answers a request and completes the callback. */
  interface Script {
    void answer(Request request, Response response, Callback callback) throws Exception;
  }

  private Http2Origin(ServerConnector connector, String scheme) throws Exception {
    server = connector.getServer();
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            String path = request.getHttpURI().getPath();
            counts.computeIfAbsent(path, name -> new AtomicInteger()).incrementAndGet();
            Script script = scripts.get(path);
            if (script == null) {
              return false;
            }
            script.answer(request, response, callback);
            return true;
          }
        });
    server.start();
    start = scheme + "://localhost:" + connector.getLocalPort();
  }

  /** By way of an upgrade from HTTP/1.1. */
  static Http2Origin inTheClear() throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    return new Http2Origin(
        new ServerConnector(
            new Server(), new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http)),
        "http");
  }

  /**
   * By ALPN.
   *
   * @param clientCertificate whether clients have to show the certificate of the key store
   */
  static Http2Origin overTls(KeyStore keys, String password, boolean clientCertificate)
      throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setKeyStore(keys);
    ssl.setKeyStorePassword(password);
    ssl.setTrustStore(keys);
    ssl.setNeedClientAuth(clientCertificate);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
    alpn.setDefaultProtocol("http/1.1");
    return new Http2Origin(
        new ServerConnector(
            new Server(),
            new SslConnectionFactory(ssl, alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(http),
            new HttpConnectionFactory(http)),
        "https");
  }

  void on(String path, Script script) {
    scripts.put(path, script);
  }

  /** Answers with status 200, this body and these field lines, names and values alternating. */
  void on(String path, String body, String... fields) {
    on(
        path,
        (request, response, callback) -> {
          for (int i = 0; i < fields.length; i += 2) {
            response.getHeaders().add(fields[i], fields[i + 1]);
          }
          Content.Sink.write(response, true, body, callback);
        });
  }

  URI uri(String path) {
    return URI.create(start + path);
  }

  int count(String path) {
    return counts.getOrDefault(path, new AtomicInteger()).get();
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the server could not be stopped", e);
    }
  }
}
