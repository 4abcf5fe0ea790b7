package dev.larder.cli;

import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import dev.larder.InMemoryCache;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.jdk.CachingHttpClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts the cache in front of an origin. */
@Command(
    name = "serve",
    description = {
      "Puts the cache in front of an origin: a reverse proxy, for programs in any language.",
      "Prints 'listening on http://HOST:PORT' when it is ready, and runs until it is told to end",
      "(Ctrl-C or SIGTERM)."
    })
final class ServeCommand implements Callable<Integer> {
  private static final int WARM_UP_ROUNDS = 30;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** How much longer than the origin a connection of a caller may be silent. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Console console;
  private final BooleanSupplier verbose;
  private final AtomicReference<String> lastProblem = new AtomicReference<>("");

  @Mixin private CacheOptions options = new CacheOptions();

  @Option(
      names = "--origin",
      paramLabel = "URL",
      required = true,
      description = "The server behind. A path in the address is put before every path asked for.")
  private URI origin = URI.create("");

  @Option(
      names = "--port",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Where to listen (default: a free port).")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The network interface to listen on (default: ${DEFAULT-VALUE}). Whoever can reach it can use the"
              + " cache and the origin.")
  private String host = "127.0.0.1";

  @Option(
      names = "--memory",
      description = "Keep the cache in this process's memory, 64 MiB, instead of a table.")
  private boolean memory;

  @Option(
      names = "--shared",
      description = "Keep to the rules of a cache that many users share (RFC 9111).")
  private boolean shared;

  @Option(
      names = "--stale-if-error",
      description = "Answer with what has expired while the origin cannot be reached or fails.")
  private boolean staleIfError;

  @Option(
      names = "--expire-after",
      paramLabel = "EXPIRATION",
      converter = ExpirationConverter.class,
      description =
          "When an answer fetched now expires, instead of what its origin says (no-store and errors excepted); written as for get.")
  private @Nullable Expiration expireAfter;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long the origin may take to begin its answer (default: ${DEFAULT-VALUE}). Then the answer is"
              + " a 504.")
  private int timeout = 60;

  ServeCommand(Console console, BooleanSupplier verbose) {
    this.console = console;
    this.verbose = verbose;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String address = originAddress();
    if (port < 0 || port > 65535) {
      throw options.usage("--port must be 0 to 65535, but is " + port);
    }
    if (timeout < 1) {
      throw options.usage("--timeout must be at least 1 second, but is " + timeout);
    }
    try (Belongings belongings = Belongings.create()) {
      HttpCache cache = open(settings(), belongings);
      Duration patience = Duration.ofSeconds(timeout);
      OriginClient client =
          belongings.add(
              OriginClient.start(
                  CONNECT_TIMEOUT, ProxySelector.getDefault().select(URI.create(address))));
      Handler proxy =
          new ReverseProxy(
              CachingHttpClient.builder(cache).delegate(client).build(), address, patience);
      ProxyServer server =
          belongings.add(
              ProxyServer.start(
                  new InetSocketAddress(host, port),
                  patience.plus(GRACE),
                  verbose.getAsBoolean() ? new RequestLog(proxy, console.err()) : proxy));
      console.out().println("listening on http://" + hostText() + ":" + server.port());
      console.out().flush();
      server.join();
    }
    return 0;
  }

  private HttpCache open(CacheSettings settings, Belongings belongings) {
    if (memory) {
      options.refuseBeside("--memory");
      return belongings.add(InMemoryCache.builder().settings(settings).build());
    }
    OpenCache opened = belongings.add(options.open(settings, console));
    if (opened.embedded().isPresent()) {
      warmUp(opened.cache());
    }
    return opened.cache();
  }

  /**
   * Lets the embedded DynamoDB and its client load their classes and make their connections before
   * the first request comes, which would wait for them. A real table is left alone: it would be
   * billed.
   */
  private static void warmUp(HttpCache cache) {
    Request request = Request.get("http://warm-up.invalid/");
    Response response = Response.builder().body("warm-up").build();
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      cache.saveResponse(request, response);
      cache.getResponse(request);
    }
    cache.bulkDelete(List.of(cache.createKey(request)));
  }

  private CacheSettings settings() {
    CacheSettings.Builder settings =
        options
            .settings()
            .listener(event -> tell(event.message()))
            .sharedCache(shared)
            .staleIfError(staleIfError);
    if (expireAfter != null) {
      settings.expireAfter(expireAfter);
    }
    return settings.build();
  }

  /** An outage makes many equal events; the first says it all. */
  private void tell(String problem) {
    if (!problem.equals(lastProblem.getAndSet(problem))) {
      console.err().println("larder: the cache was not used: " + problem);
    }
  }

  private String originAddress() {
    URI address = options.webAddress("--origin", origin);
    if (address.getRawQuery() != null
        || address.getRawFragment() != null
        || address.getRawUserInfo() != null) {
      throw options.usage("--origin may have a path, but no user, query or fragment: " + address);
    }
    return address.toString().replaceFirst("/+$", "");
  }

  private String hostText() {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
