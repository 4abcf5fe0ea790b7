package dev.larder.dynamodb;

import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What {@link DynamoDbCache} and {@link DynamoDbMap} need to know of their table. Not thread-safe;
 * may be used again after {@code build()}.
 *
 * <p>Defaults: table {@code http_cache}, created if missing, time to live on, a client made with
 * the SDK's default region and credentials when first needed.
 *
 * @param <B> the builder's own type
 */
public abstract sealed class TableBuilder<B extends TableBuilder<B>>
    permits DynamoDbCache.Builder, DynamoDbMap.Builder {
  private static final Pattern TABLE_NAME = Pattern.compile("[A-Za-z0-9_.-]{3,255}");

  private String tableName = "http_cache";
  private boolean createTable = true;
  private boolean ttl = true;
  private @Nullable Region region;
  private @Nullable URI endpoint;
  private @Nullable AwsCredentialsProvider credentials;
  private @Nullable String profile;
  private @Nullable DynamoDbClient client;
  private Clock clock = Clock.systemUTC();
  private Backoff.Sleeper sleeper = duration -> Thread.sleep(duration.toMillis());

  TableBuilder() {}

  abstract B self();

  /**
   * The name of the table.
   *
   * @throws IllegalArgumentException if it is not 3 to 255 letters, digits, {@code _}, {@code .}
   *     and {@code -}
   */
  public B tableName(String name) {
    if (!TABLE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "table name must have 3 to 255 letters, digits, '_', '.' and '-', but is \""
              + name
              + '"');
    }
    this.tableName = name;
    return self();
  }

  /**
   * Whether to create the table, on demand and with time to live, when it is found missing. Needs
   * the permissions {@code dynamodb:CreateTable}, {@code DescribeTable}, {@code DescribeTimeToLive}
   * and {@code UpdateTimeToLive}, and only then.
   */
  public B createTable(boolean create) {
    this.createTable = create;
    return self();
  }

  /**
   * Whether DynamoDB is to sweep what is past its time to live: whether {@code ttl} is written, and
   * turned on at creation.
   */
  public B ttl(boolean enabled) {
    this.ttl = enabled;
    return self();
  }

  /** The AWS region; without it the SDK looks for one. */
  public B region(Region value) {
    this.region = value;
    return self();
  }

  /** The AWS region by its code, such as {@code eu-central-1}. */
  public B region(String code) {
    return region(Region.of(code));
  }

  /** Where DynamoDB is, if not at the region's own endpoint. */
  public B endpoint(URI value) {
    this.endpoint = value;
    return self();
  }

  /** The AWS credentials; without them the SDK looks for some. */
  public B credentials(AwsCredentialsProvider provider) {
    this.credentials = provider;
    return self();
  }

  /** The profile of the AWS configuration files to take region and credentials from. */
  public B profile(String name) {
    this.profile = name;
    return self();
  }

  /**
   * A client of your own. It is used as it is and never closed here; region, endpoint, credentials
   * and profile do not apply.
   */
  public B client(DynamoDbClient value) {
    this.client = Objects.requireNonNull(value, "client");
    return self();
  }

  /** Tells the time; for tests. */
  public B clock(Clock value) {
    this.clock = Objects.requireNonNull(value, "clock");
    return self();
  }

  /** Waits between repeated requests; for tests. */
  B sleeper(Backoff.Sleeper value) {
    this.sleeper = value;
    return self();
  }

  final Clock clock() {
    return clock;
  }

  final Backoff.Sleeper sleeper() {
    return sleeper;
  }

  final boolean writesTtl() {
    return ttl;
  }

  final TableGateway gateway() {
    return gateway(Map.of());
  }

  /**
   * The gateway.
   *
   * @param firstItem what a table gets that is created with the index; empty if it is created
   *     without
   */
  final TableGateway gateway(Map<String, AttributeValue> firstItem) {
    if (client != null
        && (region != null || endpoint != null || credentials != null || profile != null)) {
      throw new IllegalStateException(
          "client(..) was given, so region, endpoint, credentials and profile would have no effect; leave out one or the other");
    }
    DynamoDbClient given = client;
    ClientOptions options =
        new ClientOptions(
            Optional.ofNullable(region),
            Optional.ofNullable(endpoint),
            Optional.ofNullable(credentials),
            Optional.ofNullable(profile));
    CapacityMeter meter = new CapacityMeter(given == null);
    LazyClient lazy =
        given == null ? LazyClient.made(() -> options.newClient(meter)) : LazyClient.given(given);
    return new TableGateway(
        tableName,
        lazy,
        new TableSetup(tableName, createTable, ttl, lazy, sleeper, firstItem),
        new Backoff(sleeper),
        meter);
  }
}
