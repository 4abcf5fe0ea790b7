package dev.larder.cli;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.WriteMode;
import dev.larder.http.Expiration;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageNotReadyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Gets a URL through the cache. */
@Command(
    name = "get",
    description = {
      "Gets a URL through the cache.",
      "The body goes to standard output, byte for byte. Standard error says whether it was a hit,",
      "and what it cost. Redirects are not followed."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:the answer has a status below 400",
      " 1:there is no answer, or it cannot be written",
      " 2:wrong usage",
      "22:the answer has a status of 400 or more; its body is written all the same"
    })
final class GetCommand implements Callable<Integer> {
  private static final int HTTP_ERROR = 22;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Console console;

  @Mixin private CacheOptions options = new CacheOptions();

  @Parameters(paramLabel = "URL", description = "What to get.")
  private URI url = URI.create("");

  @Option(
      names = {"-i", "--include"},
      description = "Write the status line and the header fields before the body.")
  private boolean include;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to a file instead of standard output.")
  private @Nullable Path output;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      converter = Field.Converter.class,
      description = "Send a header field. May be repeated.")
  private List<Field> fields = new ArrayList<>();

  @Option(
      names = "--expire-after",
      paramLabel = "EXPIRATION",
      converter = ExpirationConverter.class,
      description =
          "When an answer fetched now expires, instead of what its origin says (no-store and errors excepted): never, immediately, do-not-cache, seconds,"
              + " 15m, 2h, 7d, PT1H30M or an instant.")
  private @Nullable Expiration expireAfter;

  @Option(
      names = "--only-if-cached",
      description = "Never ask the origin; what the cache cannot answer is a 504.")
  private boolean onlyIfCached;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing on standard error unless something fails.")
  private boolean quiet;

  GetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    HttpRequest request = request();
    Queue<CacheEvent> events = new ConcurrentLinkedQueue<>();
    CacheSettings.Builder settings =
        options
            .settings()
            .listener(events::add)
            .onlyIfCached(onlyIfCached)
            // What it costs is told when it is spent.
            .writeMode(WriteMode.SYNC);
    if (expireAfter != null) {
      settings.expireAfter(expireAfter);
    }
    try (OpenCache opened = options.open(settings.build(), console)) {
      HttpClient client =
          CachingHttpClient.builder(opened.cache())
              .delegate(HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT))
              .build();
      OperationStats before = Cost.soFar(opened.cache());
      long start = System.nanoTime();
      HttpResponse<InputStream> response = send(client, request);
      write(response);
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      tellWhatFailed(events, opened);
      if (!quiet) {
        Cost cost = Cost.since(before, opened.cache(), time);
        Report.of(response, opened.cache().clock().instant(), cost).forEach(console.err()::println);
      }
      return response.statusCode() < 400 ? 0 : HTTP_ERROR;
    }
  }

  /** One outage makes a failed look-up and a failed store; the first says it all. */
  private void tellWhatFailed(Queue<CacheEvent> events, OpenCache opened) {
    if (events.isEmpty()) {
      return;
    }
    String problem = events.element().message();
    boolean tableMissing =
        events.element().cause().filter(StorageNotReadyException.class::isInstance).isPresent();
    if (tableMissing) {
      // The creation goes on in the background, and this process is about to end.
      try {
        opened.cache().prepare();
        problem = "table \"" + opened.cache().tableName() + "\" was missing; it is there now";
      } catch (StorageException e) {
        problem = Problems.describe(e);
      }
    }
    console.err().println("larder: the cache was not used: " + problem);
  }

  private HttpRequest request() {
    HttpRequest.Builder request = HttpRequest.newBuilder(options.webAddress("the URL", url));
    try {
      fields.forEach(field -> request.header(field.name(), field.value()));
    } catch (IllegalArgumentException e) {
      throw options.usage(Problems.describe(e));
    }
    if (onlyIfCached) {
      request.header("Cache-Control", "only-if-cached");
    }
    return request.build();
  }

  private HttpResponse<InputStream> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      // Its message is empty, and its cause says no more than that a channel was closed.
      throw new IOException(
          "cannot connect to " + url.getAuthority() + "; check the address and the network", e);
    } catch (IOException e) {
      throw new IOException("no answer from " + url + ": " + Problems.describe(e), e);
    }
  }

  private void write(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      if (output == null) {
        write(response, body, console.bytes());
        return;
      }
      try (OutputStream file = Files.newOutputStream(output)) {
        write(response, body, file);
      }
    } catch (IOException e) {
      String where = output == null ? "standard output" : output.toString();
      throw new IOException("cannot write to " + where + ": " + Problems.describe(e), e);
    }
  }

  private void write(HttpResponse<InputStream> response, InputStream body, OutputStream to)
      throws IOException {
    if (include) {
      to.write(head(response).getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] buffer = new byte[16 << 10];
    for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
      to.write(buffer, 0, count);
    }
    to.flush();
  }

  private static int read(InputStream body, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new UncheckedIOException("the answer broke off: " + Problems.describe(e), e);
    }
  }

  /** The JDK's client reads field values as Latin-1; so written, they are the bytes that came. */
  private static String head(HttpResponse<?> response) {
    StringBuilder head = new StringBuilder("HTTP ").append(response.statusCode()).append("\r\n");
    response
        .headers()
        .map()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> head.append(name).append(": ").append(value).append("\r\n")));
    return head.append("\r\n").toString();
  }

  /** A header field of the command line. */
  record Field(String name, String value) {
    /** Reads {@code Name: value}. */
    static final class Converter implements ITypeConverter<Field> {
      @Override
      public Field convert(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
          throw new TypeConversionException(
              "a header field is written 'Name: value', but this is '" + text + "'");
        }
        return new Field(text.substring(0, colon).trim(), text.substring(colon + 1).trim());
      }
    }
  }
}
