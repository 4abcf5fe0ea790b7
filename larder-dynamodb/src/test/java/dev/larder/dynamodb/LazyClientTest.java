package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(EmbeddedDynamoDbExtension.class)
class LazyClientTest {
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  private DynamoDbClient counted(DynamoDbClient real) {
    made.incrementAndGet();
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                closed.incrementAndGet();
                return null;
              }
              return method.invoke(real, arguments);
            });
  }

  @Test
  void get_made_makesOneWhenFirstAskedAndClosesIt(DynamoDbClient real) {
    LazyClient lazy = LazyClient.made(() -> counted(real));
    assertThat(made).hasValue(0);
    assertThat(lazy.get()).isSameAs(lazy.get());
    assertThat(made).hasValue(1);
    lazy.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void close_given_leavesItOpen(DynamoDbClient real) {
    LazyClient lazy = LazyClient.given(counted(real));
    lazy.get();
    lazy.close();
    assertThat(closed).hasValue(0);
  }

  @Test
  void close_neverUsed_makesNone(DynamoDbClient real) {
    LazyClient.made(() -> counted(real)).close();
    assertThat(made).hasValue(0);
  }

  @Test
  void get_closed_saysSo(DynamoDbClient real) {
    LazyClient lazy = LazyClient.given(real);
    lazy.close();
    assertThatThrownBy(lazy::get)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void get_noRegion_saysWhatToSet() {
    LazyClient lazy =
        LazyClient.made(
            () -> {
              throw SdkClientException.create("Unable to load region");
            });
    assertThatThrownBy(lazy::get)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Unable to load region")
        .hasMessageContaining("AWS_REGION");
  }
}
