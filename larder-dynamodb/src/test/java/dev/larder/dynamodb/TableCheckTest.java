package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

@NullUnmarked
@ExtendWith(EmbeddedDynamoDbExtension.class)
class TableCheckTest {
  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void open(DynamoDbClient embedded, @TableName String name) {
    client = embedded;
    table = name;
  }

  private List<String> problems(boolean ttl) {
    return new TableCheck(table, client, ttl, false, new ItemKeys(""), true).problems();
  }

  private void createPlain() {
    RawTable.create(client, table, "key HASH S");
  }

  private void ttlOn(String attribute) {
    client.updateTimeToLive(
        r ->
            r.tableName(table)
                .timeToLiveSpecification(s -> s.attributeName(attribute).enabled(true)));
  }

  @Test
  void problems_rightTable_areNoneAndNothingIsLeft() {
    createPlain();
    ttlOn("ttl");
    assertThat(problems(true)).isEmpty();
    assertThat(client.scan(r -> r.tableName(table)).items()).isEmpty();
  }

  @Test
  void problems_missingTable_saysSo() {
    assertThat(problems(true))
        .singleElement()
        .asString()
        .contains(table, "does not exist", "table name, region or endpoint");
  }

  @Test
  void problems_otherKeyName_saysWhatIsThereAndWhatIsNeeded() {
    RawTable.create(client, table, "id HASH S");
    assertThat(problems(false))
        .singleElement()
        .asString()
        .contains(
            table,
            "id (HASH, S)",
            "partition key named \"key\" of type S",
            "create the table anew");
  }

  @Test
  void problems_keyOfAnotherType_namesTheTypeNeeded() {
    RawTable.create(client, table, "key HASH N");
    assertThat(problems(false)).singleElement().asString().contains("key (HASH, N)", "of type S");
  }

  @Test
  void problems_sortKey_saysThatThereMustBeNone() {
    RawTable.create(client, table, "key HASH S", "at RANGE N");
    assertThat(problems(false)).singleElement().asString().contains("at (RANGE, N)", "no sort key");
  }

  @Test
  void problems_timeToLiveOff_saysWhatItMeansUnlessNotWanted() {
    createPlain();
    assertThat(problems(true))
        .singleElement()
        .asString()
        .contains(table, "turned off", "\"ttl\"", "ttl(false)");
    assertThat(problems(false)).isEmpty();
  }

  @Test
  void problems_timeToLiveOnAnotherAttribute_namesBoth() {
    createPlain();
    ttlOn("expires");
    assertThat(problems(true))
        .singleElement()
        .asString()
        .contains("\"expires\"", "\"ttl\"", "ttl(false)");
  }

  /** Rights may be for the keys that begin with the namespace only. */
  @Test
  void problems_inANamespace_triesRightsOnItsOwnKeysAndLeavesNothing(EmbeddedDynamoDb dynamo) {
    createPlain();
    List<String> written = new ArrayList<>();
    ExecutionInterceptor interceptor =
        new ExecutionInterceptor() {
          @Override
          public void beforeExecution(
              Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof PutItemRequest put) {
              written.add(put.item().get("key").s());
            }
          }
        };
    try (DynamoDbClient watched =
        dynamo
            .configure(DynamoDbClient.builder())
            .overrideConfiguration(o -> o.addExecutionInterceptor(interceptor))
            .build()) {
      assertThat(
              new TableCheck(table, watched, false, false, new ItemKeys("team"), true).problems())
          .isEmpty();
    }
    assertThat(written).isNotEmpty().allMatch(key -> key.startsWith("team\u001F"));
    assertThat(client.scan(r -> r.tableName(table)).items()).isEmpty();
  }

  @Test
  void problems_noRightToWrite_namesTheRight(EmbeddedDynamoDb dynamo) {
    createPlain();
    try (FaultyHttp http = new FaultyHttp();
        DynamoDbClient faulty =
            dynamo.configure(DynamoDbClient.builder()).httpClient(http).build()) {
      http.always(
          (operation, send) ->
              operation.equals("BatchWriteItem")
                  ? FaultyHttp.error(400, "AccessDeniedException", "not authorized")
                  : send.call());
      assertThat(new TableCheck(table, faulty, false, false, new ItemKeys(""), true).problems())
          .singleElement()
          .asString()
          .contains("dynamodb:BatchWriteItem", table, "IAM");
    }
  }
}
