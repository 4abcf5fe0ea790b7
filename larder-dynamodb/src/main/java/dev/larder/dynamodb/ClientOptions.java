package dev.larder.dynamodb;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * The one place where a client of ours is configured. A cache that answers late is worth little,
 * and the SDK by itself waits without limit and tries nine times; so: 1 s to connect, 2 s for an
 * attempt, 8 s and three attempts for a request.
 */
record ClientOptions(
    Optional<Region> region,
    Optional<URI> endpoint,
    Optional<AwsCredentialsProvider> credentials,
    Optional<String> profile) {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration ATTEMPT = Duration.ofSeconds(2);
  private static final Duration REQUEST = Duration.ofSeconds(8);
  private static final int CONNECTIONS = 64;

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
