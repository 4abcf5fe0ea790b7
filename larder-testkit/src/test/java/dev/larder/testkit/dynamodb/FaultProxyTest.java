package dev.larder.testkit.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

@Timeout(60)
class FaultProxyTest {
  private static final String VALUE = "value";

  private final FaultProxy proxy = FaultProxy.to(LocalDynamoDb.SERVER.endpoint());
  private final SdkHttpClient http =
      Apache5HttpClient.builder()
          .proxyConfiguration(
              ProxyConfiguration.builder()
                  .useSystemPropertyValues(false)
                  .useEnvironmentVariableValues(false)
                  .build())
          .build();
  private final DynamoDbClient client = client(1, Duration.ofSeconds(20));
  private final String table = LocalDynamoDb.newTable();

  @AfterEach
  void close() {
    client.close();
    http.close();
    proxy.close();
  }

  private DynamoDbClient client(int attempts, Duration attempt) {
    return LocalDynamoDb.SERVER
        .configure(DynamoDbClient.builder())
        .httpClient(http)
        .endpointOverride(proxy.endpoint())
        .overrideConfiguration(
            options ->
                options
                    .apiCallAttemptTimeout(attempt)
                    .retryStrategy(
                        attempts == 1
                            ? DefaultRetryStrategy.doNotRetry()
                            : DefaultRetryStrategy.standardStrategyBuilder()
                                .maxAttempts(attempts)
                                .build()))
        .build();
  }

  private void put(String key) {
    LocalDynamoDb.put(client, table, key, VALUE);
  }

  private String get(String key) {
    return client
        .getItem(request -> request.tableName(table).key(LocalDynamoDb.key(key)))
        .item()
        .getOrDefault("v", LocalDynamoDb.text("none"))
        .s();
  }

  private boolean isThere(String key) {
    return LocalDynamoDb.CLIENT
        .getItem(request -> request.tableName(table).key(LocalDynamoDb.key(key)))
        .hasItem();
  }

  private void awaitOneWaiting() {
    while (proxy.waiting() == 0) {
      LockSupport.parkNanos(100_000);
    }
  }

  private static void assertBroken(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(SdkClientException.class);
  }

  @Test
  void noOrders_everythingPasses() {
    put("k");
    assertThat(get("k")).isEqualTo(VALUE);
    assertThatThrownBy(
            () ->
                client.putItem(
                    request ->
                        request
                            .tableName(table)
                            .item(LocalDynamoDb.item("k", "other"))
                            .conditionExpression("attribute_not_exists(v)")))
        .isInstanceOf(ConditionalCheckFailedException.class);
    assertThat(client.listTables().tableNames()).contains(table);
    assertThat(proxy.operations()).containsExactly("PutItem", "GetItem", "PutItem", "ListTables");
    assertThat(proxy.requests("PutItem")).isEqualTo(2);
    assertThat(proxy.requests(FaultProxy.ANY)).isEqualTo(4);
  }

  @Test
  void largeItems_passBothWays() {
    byte[] bytes = new byte[300_000];
    client.putItem(
        request ->
            request
                .tableName(table)
                .item(
                    Map.of(
                        "key",
                        LocalDynamoDb.text("k"),
                        "body",
                        AttributeValue.fromB(SdkBytes.fromByteArray(bytes)))));
    assertThat(body("k")).isEqualTo(bytes);
  }

  private byte[] body(String key) {
    return client
        .getItem(request -> request.tableName(table).key(LocalDynamoDb.key(key)))
        .item()
        .get("body")
        .b()
        .asByteArray();
  }

  @Test
  void refuse_thenReset_refusesAndWorksAgain() {
    put("before");
    proxy.refuse();
    // The first may find the broken connection in the client's pool.
    assertBroken(() -> put("k"));
    assertThatThrownBy(() -> put("k")).hasRootCauseInstanceOf(ConnectException.class);
    proxy.refuse();
    assertThat(isThere("k")).isFalse();
    assertThat(proxy.requests("PutItem")).isOne();
    proxy.reset();
    put("k");
    assertThat(isThere("k")).isTrue();
    assertThat(proxy.requests("PutItem")).isOne();
  }

  @Test
  void silent_clientGivesUp_nothingWasCarriedOut() {
    proxy.next("PutItem", WireFault.silent());
    try (DynamoDbClient impatient = client(1, Duration.ofMillis(100))) {
      assertThatThrownBy(() -> LocalDynamoDb.put(impatient, table, "k", VALUE))
          .isInstanceOf(ApiCallAttemptTimeoutException.class);
    }
    assertThat(isThere("k")).isFalse();
    put("k");
  }

  @Test
  void silent_reset_letsGoOfTheClient() throws Exception {
    proxy.always("PutItem", WireFault.silent());
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> put("k"));
    awaitOneWaiting();
    proxy.reset();
    assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SdkClientException.class);
    assertThat(isThere("k")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void slowAnswer_arrivesWhenTheLatchOpens(boolean half) throws Exception {
    put("k");
    CountDownLatch open = new CountDownLatch(1);
    proxy.next("GetItem", half ? WireFault.slow(open) : WireFault.held(open));
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> get("k"));
    awaitOneWaiting();
    assertThat(get("k")).isEqualTo(VALUE);
    assertThat(answer).isNotDone();
    open.countDown();
    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 30})
  void resetAnswer_afterSomeBytes_wasCarriedOut(int bytes) {
    proxy.next("PutItem", WireFault.resetAnswer(0));
    assertBroken(() -> put("k"));
    assertThat(isThere("k")).isTrue();
    proxy.next("GetItem", WireFault.resetAnswer(bytes));
    assertThatThrownBy(() -> get("k")).hasRootCauseInstanceOf(SocketException.class);
    assertThat(get("k")).isEqualTo(VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 10_000})
  void resetRequest_afterSomeBytes_wasNotCarriedOut(int bytes) {
    proxy.next("PutItem", WireFault.resetRequest(bytes));
    assertBroken(() -> put("k"));
    assertThat(isThere("k")).isFalse();
    put("k");
  }

  @Test
  void cut_wasNotCarriedOut_lostAnswer_was() {
    proxy.next("PutItem", WireFault.cut()).next("PutItem", WireFault.lostAnswer());
    assertBroken(() -> put("cut"));
    assertBroken(() -> put("lost"));
    assertThat(isThere("cut")).isFalse();
    assertThat(isThere("lost")).isTrue();
  }

  @Test
  void errors_areWhatDynamoDbAnswers() {
    proxy.next(FaultProxy.ANY, WireFault.throttled());
    assertThatThrownBy(() -> put("k")).isInstanceOf(ProvisionedThroughputExceededException.class);
    assertError(WireFault.throttling(), 400, "ThrottlingException");
    assertError(WireFault.serverError(), 500, "InternalServerError");
    assertError(WireFault.unavailable(), 503, "ServiceUnavailable");
    assertError(WireFault.error(400, "AccessDeniedException", "no"), 400, "AccessDeniedException");
    assertThat(isThere("k")).isFalse();
    put("k");
  }

  private void assertError(WireFault fault, int status, String code) {
    proxy.next("PutItem", fault);
    assertThatThrownBy(() -> put("k"))
        .isInstanceOfSatisfying(
            DynamoDbException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(status);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            });
  }

  @Test
  void next_once_isOverComeByTheSdksRetry() {
    proxy.next(2, "PutItem", WireFault.serverError());
    try (DynamoDbClient retrying = client(3, Duration.ofSeconds(20))) {
      LocalDynamoDb.put(retrying, table, "k", VALUE);
    }
    assertThat(proxy.requests("PutItem")).isEqualTo(3);
  }

  @Test
  void orders_byNumberThenByOperationThenAnyThenAlways() {
    proxy
        .always("PutItem", WireFault.error(400, "Always", "always"))
        .next(FaultProxy.ANY, WireFault.error(400, "NextAny", "next"))
        .next("PutItem", WireFault.error(400, "NextPut", "next"))
        .at(2, WireFault.error(400, "Second", "second"));
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> put("k"))
          .isInstanceOfSatisfying(
              DynamoDbException.class, e -> codes.add(e.awsErrorDetails().errorCode()));
    }
    assertThat(codes).containsExactly("NextPut", "Second", "NextAny", "Always", "Always");
    assertThat(get("k")).isEqualTo("none");
    proxy.reset();
    put("k");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void crashAt_aRequest_nothingGetsThroughFromThenOn(boolean carriedOut) {
    put("zero");
    proxy.crashAt(2, carriedOut);
    put("one");
    assertBroken(() -> put("two"));
    assertBroken(() -> put("three"));
    assertThat(isThere("one")).isTrue();
    assertThat(isThere("two")).isEqualTo(carriedOut);
    assertThat(isThere("three")).isFalse();
    assertThat(proxy.requests("PutItem")).isEqualTo(3);
    proxy.reset();
    put("four");
  }

  @Test
  void crashAt_othersAreUnderWay_theyBreakToo() throws Exception {
    put("k");
    CountDownLatch never = new CountDownLatch(1);
    proxy.next("GetItem", WireFault.held(never)).crashAt(2, false);
    CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> get("k"));
    awaitOneWaiting();
    assertBroken(() -> put("two"));
    assertThatThrownBy(() -> other.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SdkClientException.class);
  }

  @Test
  void partialBatch_write_handsBackTheRest() {
    List<WriteRequest> writes = writes("a", "b", "c");
    proxy.next("BatchWriteItem", WireFault.partialBatch(2));
    proxy.next("BatchWriteItem", WireFault.partialBatch(0));
    BatchWriteItemResponse first = write(writes);
    assertThat(first.unprocessedItems()).isEqualTo(Map.of(table, writes.subList(2, 3)));
    assertThat(List.of(isThere("a"), isThere("b"), isThere("c")))
        .containsExactly(true, true, false);
    BatchWriteItemResponse second = write(first.unprocessedItems().get(table));
    assertThat(second.unprocessedItems()).isEqualTo(first.unprocessedItems());
    assertThat(write(second.unprocessedItems().get(table)).unprocessedItems()).isEmpty();
    assertThat(isThere("c")).isTrue();
  }

  private static List<WriteRequest> writes(String... keys) {
    List<WriteRequest> writes = new ArrayList<>();
    for (String key : keys) {
      writes.add(
          WriteRequest.builder()
              .putRequest(put -> put.item(LocalDynamoDb.item(key, VALUE)))
              .build());
    }
    return writes;
  }

  private BatchWriteItemResponse write(List<WriteRequest> writes) {
    return client.batchWriteItem(request -> request.requestItems(Map.of(table, writes)));
  }

  @Test
  void partialBatch_get_handsBackTheRest() {
    KeysAndAttributes wanted = wanted("a", "b", "c");
    write(writes("a", "b", "c"));
    proxy.next("BatchGetItem", WireFault.partialBatch(1));
    proxy.next("BatchGetItem", WireFault.partialBatch(0));
    BatchGetItemResponse first = read(wanted);
    assertThat(first.responses().get(table)).containsExactly(LocalDynamoDb.key("a"));
    KeysAndAttributes rest = wanted.toBuilder().keys(wanted.keys().subList(1, 3)).build();
    assertThat(first.unprocessedKeys()).isEqualTo(Map.of(table, rest));
    BatchGetItemResponse second = read(rest);
    assertThat(second.responses()).isEmpty();
    assertThat(second.unprocessedKeys()).isEqualTo(first.unprocessedKeys());
    assertThat(read(rest).responses().get(table)).hasSize(2);
  }

  private static KeysAndAttributes wanted(String... keys) {
    return KeysAndAttributes.builder()
        .keys(List.of(keys).stream().map(LocalDynamoDb::key).toList())
        .consistentRead(true)
        .projectionExpression("#k")
        .expressionAttributeNames(Map.of("#k", "key"))
        .build();
  }

  private BatchGetItemResponse read(KeysAndAttributes wanted) {
    return client.batchGetItem(request -> request.requestItems(Map.of(table, wanted)));
  }

  @Test
  void lostItems_onReading_areNotThere() {
    write(writes("a", "b"));
    proxy.always(FaultProxy.ANY, WireFault.lostItems("a"::equals));
    assertThat(get("a")).isEqualTo("none");
    assertThat(get("b")).isEqualTo(VALUE);
    assertThat(read(wanted("a", "b")).responses().get(table))
        .containsExactly(LocalDynamoDb.key("b"));
    assertThat(client.scan(request -> request.tableName(table)).items())
        .containsExactly(LocalDynamoDb.item("b", VALUE));
    assertThat(client.listTables().tableNames()).contains(table);
    proxy.reset();
    assertThat(get("a")).isEqualTo(VALUE);
  }

  @Test
  void lostItems_onWriting_areAnsweredAndNotWritten() {
    proxy.always(FaultProxy.ANY, WireFault.lostItems(key -> key.startsWith("a")));
    put("a");
    put("b");
    assertThat(write(writes("a", "c")).unprocessedItems()).isEmpty();
    assertThat(write(writes("a", "a2")).unprocessedItems()).isEmpty();
    assertThat(List.of(isThere("a"), isThere("a2"), isThere("b"), isThere("c")))
        .containsExactly(false, false, true, true);
  }

  @Test
  void truncatedItems_eitherWay_haveHalfOfTheirBytes() {
    proxy.next("PutItem", WireFault.truncatedItems("k"::equals));
    putBytes("k");
    putBytes("other");
    assertThat(body("k")).containsExactly(1, 2);
    proxy.always("GetItem", WireFault.truncatedItems("other"::equals));
    assertThat(body("k")).containsExactly(1, 2);
    assertThat(body("other")).containsExactly(1, 2);
    proxy.reset();
    assertThat(body("other")).containsExactly(1, 2, 3, 4);
    proxy.next("Scan", WireFault.truncatedItems(key -> true));
    assertThat(client.scan(request -> request.tableName(table)).items())
        .extracting(item -> item.get("body").b().asByteArray().length)
        .containsExactlyInAnyOrder(1, 2);
  }

  private void putBytes(String key) {
    client.putItem(
        request ->
            request
                .tableName(table)
                .item(
                    Map.of(
                        "key",
                        LocalDynamoDb.text(key),
                        "body",
                        AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {1, 2, 3, 4})))));
  }

  @Test
  void badArguments_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultProxy.to(URI.create("https://dynamodb.eu-west-1.amazonaws.com")))
        .withMessageContaining("https://dynamodb");
    assertThatIllegalArgumentException().isThrownBy(() -> proxy.at(0, WireFault.cut()));
    assertThatIllegalArgumentException().isThrownBy(() -> proxy.crashAt(0, true));
    assertThatIllegalArgumentException().isThrownBy(() -> WireFault.partialBatch(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> WireFault.resetAnswer(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> WireFault.resetRequest(-1));
  }

  @Test
  void close_twice_refusesAfterwards() {
    put("k");
    proxy.close();
    proxy.close();
    proxy.reset();
    assertBroken(() -> put("k"));
  }
}
