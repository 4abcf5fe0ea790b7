package dev.larder.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * A real DynamoDB that starts by itself: <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html">DynamoDB
 * Local</a> inside this program, reachable through 127.0.0.1 only, with one database for all
 * regions and credentials and with its telemetry off.
 *
 * <pre>{@code
 * try (var dynamo = EmbeddedDynamoDb.inMemory()) {
 *   dynamo.client().listTables();
 * }
 * }</pre>
 *
 * <p>A database {@linkplain #inFile in a directory} is shared by everyone on this machine who opens
 * it: the first caller serves it, the others (in this process or another one) use the first one's
 * server, and when that ends, in whatever way, the next request of any of them starts a server on
 * the same directory and goes on. A request that was on its way when the server died is repeated by
 * the SDK as it repeats any request whose answer was lost; a client built with retries switched off
 * sees that one request fail.
 *
 * <p>Starting takes about a second. An instance holds threads, a port and, in a directory, a lock
 * until it is {@linkplain #close() closed}. It does not keep a program alive: once no other
 * non-daemon thread runs, instances still open are closed and the JVM ends.
 *
 * <p>Anyone who may connect to 127.0.0.1 on this machine can read and write the data, as with
 * DynamoDB Local itself; requests sent by web pages are refused. From Java 24 on the JVM prints a
 * warning when the native SQLite library is loaded, unless it runs with {@code
 * --enable-native-access=ALL-UNNAMED} (on the module path: {@code DynamoDBLocal,sqlite4java}).
 *
 * <p>Instances are safe for use by many threads.
 */
public final class EmbeddedDynamoDb implements AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final int CONNECTIONS = 50;

  private final Host host;
  private final SdkHttpClient http;
  private final DynamoDbClient client;
  private final ExitWatch.Registration registration;

  private EmbeddedDynamoDb(Host host) {
    this.host = host;
    this.http = new FollowingHttpClient(loopbackHttpClient(), host);
    this.client =
        configure(DynamoDbClient.builder())
            .overrideConfiguration(
                settings ->
                    settings
                        .apiCallTimeout(CALL_TIMEOUT)
                        .defaultProfileFile(ProfileFile.aggregator().build()))
            .build();
    this.registration = ExitWatch.register(this::close);
  }

  /**
   * Starts an empty database that lives in memory and is gone when this instance is closed. Each
   * call starts one of its own.
   *
   * @return a server that answers
   * @throws IllegalStateException if DynamoDB Local does not start; the cause says why
   */
  public static EmbeddedDynamoDb inMemory() {
    Quiet.slf4j();
    return on(MemoryHost.start());
  }

  /**
   * Opens the database kept in a directory: starts a server on it, or connects to the one that
   * another caller has started. The directory is created if it is missing; it must be on a local
   * disk, since the file locks of network file systems are not dependable, and must not be served
   * by a DynamoDB Local started in another way at the same time.
   *
   * <p>Besides the database the directory holds {@code larder-dynamodb.lock}, which must not be
   * deleted while anyone uses the directory, and, while there is a server, {@code
   * larder-dynamodb.port}.
   *
   * @param directory where the database is
   * @return a server, this one's or another's, that answers
   * @throws UncheckedIOException if the directory cannot be made or written
   * @throws IllegalStateException if DynamoDB Local does not start, or if another process has held
   *     the directory for 30 seconds without serving it
   */
  public static EmbeddedDynamoDb inFile(Path directory) {
    Objects.requireNonNull(directory, "directory");
    Quiet.slf4j();
    Path real;
    try {
      real = Files.createDirectories(directory).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot use "
              + directory
              + " for an embedded DynamoDB: give a directory that can be made and written",
          e);
    }
    return on(FileHost.open(real));
  }

  private static EmbeddedDynamoDb on(Host host) {
    try {
      return new EmbeddedDynamoDb(host);
    } catch (RuntimeException | Error e) {
      // A class missing from the path is an Error, and must not leave a server behind either.
      host.close();
      throw e;
    }
  }

  /**
   * The address to send requests to now, {@code http://127.0.0.1:PORT}. For a database in a
   * directory it changes when the server's owner does; {@link #client()} and clients made with
   * {@link #configure} follow by themselves, other programs have to ask again.
   *
   * @return the current address
   * @throws IllegalStateException if this instance is closed
   */
  public URI endpoint() {
    return host.endpoint();
  }

  /**
   * A ready client, the same one on each call. It belongs to this instance and ends with it. Region
   * and credentials are fixed ones that mean nothing; the environment, the system properties and
   * the profiles of the user are not looked at. A call, with its retries, takes at most a minute.
   *
   * @return the client of this instance
   */
  public DynamoDbClient client() {
    return client;
  }

  /**
   * Points a client builder at this database: sets its HTTP client, endpoint, region and
   * credentials, and leaves timeouts, retries and interceptors to the caller. The built client
   * follows a change of the server's owner and works until this instance is closed; closing the
   * client does not affect others.
   *
   * @param builder what to configure
   * @return the same builder
   * @throws IllegalStateException if this instance is closed
   */
  public DynamoDbClientBuilder configure(DynamoDbClientBuilder builder) {
    return builder
        .httpClient(http)
        .endpointOverride(host.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("larder", "larder")));
  }

  /**
   * Ends the clients and, if this instance owns the server, the server: requests being answered are
   * finished within five seconds, then port, files and lock are free. Others on the same directory
   * take over. Closing again does nothing.
   */
  @Override
  public void close() {
    registration.cancel();
    client.close();
    http.close();
    host.close();
  }

  /** No proxy of the environment may come between: it could not reach this machine's loopback. */
  private static SdkHttpClient loopbackHttpClient() {
    return Apache5HttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(READ_TIMEOUT)
        .maxConnections(CONNECTIONS)
        .proxyConfiguration(
            ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false)
                .build())
        .build();
  }
}
