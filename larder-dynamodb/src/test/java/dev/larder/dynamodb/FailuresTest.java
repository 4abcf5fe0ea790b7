package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.serial.Serializers;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Each thing that can be wrong gives one message that names it and the mend. */
@NullUnmarked
@ExtendWith(EmbeddedDynamoDbExtension.class)
class FailuresTest {
  private static final StaticCredentialsProvider SOME =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("some", "secret"));

  @Test
  void get_noCredentials_saysHowToGiveThem(URI endpoint, @TableName String table) {
    try (DynamoDbMap<String> map =
        DynamoDbMap.builder(Serializers.string())
            .tableName(table)
            .region("us-east-1")
            .endpoint(endpoint)
            .credentials(
                AwsCredentialsProviderChain.builder()
                    .addCredentialsProvider(
                        () -> {
                          throw new IllegalStateException("none here");
                        })
                    .build())
            .build()) {
      assertThatThrownBy(() -> map.get("k"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("no AWS credentials were found")
          .hasMessageContaining(table)
          .hasMessageContaining("AWS_ACCESS_KEY_ID")
          .hasMessageContaining(".credentials(");
    }
  }

  @Test
  void get_nobodyListens_saysWhatToCheck(@TableName String table) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (DynamoDbMap<String> map =
        DynamoDbMap.builder(Serializers.string())
            .tableName(table)
            .region("us-east-1")
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .credentials(SOME)
            .build()) {
      assertThatThrownBy(() -> map.get("k"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("cannot be reached")
          .hasMessageContaining(table)
          .hasMessageContaining("endpoint, the region and the network")
          .hasMessageNotContaining("secret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"id HASH S", "key HASH N", "key HASH S, at RANGE N", "id HASH S, key RANGE S"})
  void anyRequest_otherKeySchema_saysWhatIsNeeded(
      String schema, DynamoDbClient client, @TableName String table) {
    RawTable.create(client, table, schema.split(", ", -1));
    DynamoDbMap<String> map =
        DynamoDbMap.builder(Serializers.string()).client(client).tableName(table).build();
    for (Runnable request :
        new Runnable[] {
          () -> map.get("k"),
          () -> map.put("k", "v"),
          () -> map.remove("k"),
          () -> map.bulkDelete(List.of("k"))
        }) {
      assertThatThrownBy(request::run)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(table)
          .hasMessageContaining("partition key named \"key\" of type S")
          .hasMessageContaining("another table name");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | AccessDeniedException | no permission for dynamodb:GetItem | IAM policy",
        "400 | UnrecognizedClientException | credentials were refused | renew or replace",
        "400 | ExpiredTokenException | credentials were refused | renew or replace",
        "400 | ProvisionedThroughputExceededException | throttled | raise the table's capacity",
        "400 | ThrottlingException | throttled | spread the load",
        "400 | RequestLimitExceeded | throttled | raise the table's capacity",
        "500 | InternalServerError | failed: InternalServerError | what the service said"
      })
  void get_serviceRefuses_saysWhatAndHowToMendIt(
      int status,
      String type,
      String what,
      String mend,
      EmbeddedDynamoDb dynamo,
      @TableName String table) {
    try (FaultyHttp http = new FaultyHttp();
        DynamoDbClient faulty =
            dynamo
                .configure(DynamoDbClient.builder())
                .httpClient(http)
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build()) {
      http.always((operation, send) -> FaultyHttp.error(status, type, "what the service said"));
      DynamoDbMap<String> map =
          DynamoDbMap.builder(Serializers.string()).client(faulty).tableName(table).build();
      assertThatThrownBy(() -> map.get("k"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(table)
          .hasMessageContaining(what)
          .hasMessageContaining(mend)
          .hasMessageContaining("what the service said");
    }
  }
}
