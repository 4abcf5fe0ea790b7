package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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
    return new TableCheck(table, client, ttl, false).problems();
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
      assertThat(new TableCheck(table, faulty, false, false).problems())
          .singleElement()
          .asString()
          .contains("dynamodb:BatchWriteItem", table, "IAM");
    }
  }
}
