package dev.larder.cli;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.ProcessingProtocolHandler;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCompliance.Violation;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The client that a proxy asks the origin with, over HTTP/1.1: it sends each request once and
 * changes nothing. No field is added but {@code Host} and framing, no body is decoded, no redirect
 * followed, no cookie kept, no challenge answered, and interim responses are told to whoever wants
 * to know, none of which can be said of the JDK's.
 *
 * <p>Bodies are read and written as the other side takes them. {@code HttpRequest.timeout()} is for
 * the head of the response; a body may take as long as it likes. Thread-safe.
 */
final class OriginClient extends HttpClient implements AutoCloseable {
  private static final int LARGEST_HEAD = 64 << 10;
  private static final int MOST_CONNECTIONS = 256;
  private static final int MOST_WAITING = 4096;

  /**
   * An origin that closes an idle connection just when it is used again makes a request fail that
   * is not sent again. Few close theirs before 5 seconds.
   */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(4);

  /** Under this name a request of Jetty's has whom to tell about interim responses. */
  private static final String LISTENER = InterimListener.class.getName();

  private final org.eclipse.jetty.client.HttpClient jetty;
  private final SSLContext sslContext;

  private OriginClient(org.eclipse.jetty.client.HttpClient jetty, SSLContext sslContext) {
    this.jetty = jetty;
    this.sslContext = sslContext;
  }

  /** Wants to know of interim responses; it is handed in as the push promise handler. */
  interface InterimListener {
    /**
     * An interim response has come, which is neither 100 nor 101.
     *
     * @param fields as they came
     */
    void onInterim(int status, HttpFields fields);
  }

  /**
   * A client that is ready.
   *
   * @param proxies of which the first over HTTP is used, if there is one
   */
  static OriginClient start(Duration connectTimeout, List<Proxy> proxies) {
    OriginTransport transport = new OriginTransport(LARGEST_HEAD);
    transport.setHeaderCacheCaseSensitive(true);
    org.eclipse.jetty.client.HttpClient jetty = new org.eclipse.jetty.client.HttpClient(transport);
    QueuedThreadPool pool = new QueuedThreadPool();
    pool.setName("larder-origin");
    pool.setDaemon(true);
    jetty.setExecutor(pool);
    SSLContext sslContext = defaultContext();
    SslContextFactory.Client ssl = new SslContextFactory.Client();
    ssl.setSslContext(sslContext);
    jetty.setSslContextFactory(ssl);
    jetty.setConnectTimeout(connectTimeout.toMillis());
    jetty.setIdleTimeout(KEEP_ALIVE.toMillis());
    jetty.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
    jetty.setMaxRequestsQueuedPerDestination(MOST_WAITING);
    jetty.setMaxRequestHeadersSize(LARGEST_HEAD);
    jetty.setMaxResponseHeadersSize(LARGEST_HEAD);
    jetty.setFollowRedirects(false);
    jetty.setHttpCookieStore(new HttpCookieStore.Empty());
    jetty.setUserAgentField(null);
    jetty.setDefaultRequestContentType(null);
    // What can be understood in one way only.
    jetty.setHttpCompliance(
        HttpCompliance.RFC7230.with(
            "larder",
            Violation.CASE_SENSITIVE_FIELD_NAME,
            Violation.MULTILINE_FIELD_VALUE,
            Violation.MULTIPLE_CONTENT_LENGTHS,
            Violation.TRANSFER_ENCODING_WITH_CONTENT_LENGTH));
    proxies.stream()
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .findFirst()
        .map(proxy -> (InetSocketAddress) proxy.address())
        .map(address -> new HttpProxy(address.getHostString(), address.getPort()))
        .ifPresent(jetty.getProxyConfiguration()::addProxy);
    try {
      jetty.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client for the origin did not start; see the cause", e);
    }
    // Both are filled by the start.
    jetty.getContentDecoderFactories().clear();
    jetty.getProtocolHandlers().clear();
    jetty.getProtocolHandlers().put(new InterimHandler());
    return new OriginClient(jetty, sslContext);
  }

  private static SSLContext defaultContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JVM has no default SSL context; see the cause", e);
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return sendAsync(request, handler, null);
  }

  /**
   * Sends as the other methods do.
   *
   * @param listener told of interim responses if it is an {@link InterimListener}
   */
  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> listener) {
    org.eclipse.jetty.client.Request outgoing = new ExactRequest(jetty, request);
    if (listener instanceof InterimListener interim) {
      outgoing.attribute(LISTENER, interim);
    }
    OriginCall<T> call = new OriginCall<>(request, outgoing, handler);
    call.send(jetty.getScheduler());
    return call;
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> future = sendAsync(request, handler);
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return Optional.of(Duration.ofMillis(jetty.getConnectTimeout()));
  }

  @Override
  public Redirect followRedirects() {
    return Redirect.NEVER;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return Optional.empty();
  }

  @Override
  public SSLContext sslContext() {
    return sslContext;
  }

  @Override
  public SSLParameters sslParameters() {
    return sslContext.getDefaultSSLParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return Optional.empty();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.of(jetty.getExecutor());
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client for the origin did not stop; see the cause", e);
    }
  }

  /** Methods are case-sensitive (RFC 9110 §9.1); Jetty would send all in capitals. */
  private static final class ExactRequest extends org.eclipse.jetty.client.transport.HttpRequest {
    private final String method;

    ExactRequest(org.eclipse.jetty.client.HttpClient jetty, HttpRequest request) {
      super(jetty, new HttpConversation(), request.uri());
      this.method = request.method();
    }

    @Override
    public String getMethod() {
      return method;
    }
  }

  /** Jetty has one handler for 102 and one for 103, which differ in nothing but the number. */
  private static final class InterimHandler extends ProcessingProtocolHandler {
    private static final String STATUS = InterimHandler.class.getName();

    @Override
    public boolean accept(org.eclipse.jetty.client.Request request, Response response) {
      boolean interim = HttpStatus.isInterim(response.getStatus());
      if (interim) {
        request.attribute(STATUS, response.getStatus());
      }
      return interim;
    }

    /** Nobody here asks for a 100, and without that it says nothing (RFC 9110 §15.2.1). */
    @Override
    protected void onProcessing(org.eclipse.jetty.client.Request request, HttpFields fields) {
      if (request.getAttributes().get(STATUS) instanceof Integer status
          && status != HttpStatus.CONTINUE_100
          && request.getAttributes().get(LISTENER) instanceof InterimListener listener) {
        listener.onInterim(status, fields);
      }
    }
  }
}
