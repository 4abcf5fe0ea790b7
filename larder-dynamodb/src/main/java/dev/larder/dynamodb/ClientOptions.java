package dev.larder.dynamodb;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * The one place where a client of ours is configured. The SDK by itself waits without limit and
 * tries nine times; a cache that answers late is worth little.
 *
 * <ul>
 *   <li>A connection: 500 ms.
 *   <li>A request for one item: 2 s for an attempt, 4 s and three attempts in all. Clients of a
 *       cache have left by then ({@code storageTimeout}, 400 ms): this ends the threads that they
 *       leave behind where reading from a socket cannot be interrupted, and it is what those wait
 *       who manage a cache. It is not shorter, because an attempt may have to connect first, and
 *       one that is given up has to begin anew: from far away it would never come to an end.
 *   <li>A batch or a page of a listing, up to 16 MB: 5 s for an attempt, 20 s in all.
 * </ul>
 *
 * <p>What is refused at once (a connection, a throttled request) is tried again after 50 to 150 ms
 * on average, which leaves time for it within 400 ms.
 */
record ClientOptions(
    Optional<Region> region,
    Optional<URI> endpoint,
    Optional<AwsCredentialsProvider> credentials,
    Optional<String> profile) {
  private static final Duration CONNECT = Duration.ofMillis(500);
  private static final Duration ATTEMPT = Duration.ofSeconds(2);
  private static final Duration REQUEST = Duration.ofSeconds(4);
  private static final Duration LONG_ATTEMPT = Duration.ofSeconds(5);
  private static final Duration LONG_REQUEST = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 64;

  /** For requests that carry more than a few items. */
  static void forMany(AwsRequestOverrideConfiguration.Builder request) {
    request.apiCallAttemptTimeout(LONG_ATTEMPT).apiCallTimeout(LONG_REQUEST);
  }

  /** A client that reports to this meter what it repeats. */
  DynamoDbClient newClient(CapacityMeter meter) {
    ClientOverrideConfiguration.Builder configuration =
        ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(ATTEMPT)
            .apiCallTimeout(REQUEST)
            .retryStrategy(RetryMode.STANDARD)
            .addMetricPublisher(new AttemptMetrics(meter));
    profile.ifPresent(configuration::defaultProfileName);
    DynamoDbClientBuilder builder =
        DynamoDbClient.builder()
            .overrideConfiguration(configuration.build())
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .maxConnections(CONNECTIONS)
                    .tcpKeepAlive(true));
    region.ifPresent(builder::region);
    endpoint.ifPresent(builder::endpointOverride);
    credentials
        .or(() -> profile.map(ProfileCredentialsProvider::create))
        .ifPresent(builder::credentialsProvider);
    return builder.build();
  }
}
