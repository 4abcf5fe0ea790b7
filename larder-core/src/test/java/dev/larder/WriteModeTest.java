package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.storage.ResponseStorage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteModeTest {
  private static final Map<String, String> HERE = Map.of("PATH", "/bin");
  private static final Map<String, String> LAMBDA = Map.of("AWS_LAMBDA_FUNCTION_NAME", "f");

  private final ResponseStorage memory = InMemoryCache.builder().build().storage();
  private final ResponseStorage remote = new FaultyStorage(new TestClock()).remote();

  @Test
  void auto_storageElsewhere_isBehindButOnLambda() {
    assertThat(WriteMode.AUTO.isBehind(remote, HERE)).isTrue();
    assertThat(WriteMode.AUTO.isBehind(remote, LAMBDA)).isFalse();
  }

  @Test
  void auto_storageInMemory_isNotBehind() {
    assertThat(WriteMode.AUTO.isBehind(memory, HERE)).isFalse();
  }

  @Test
  void chosen_isAsChosen() {
    assertThat(WriteMode.BEHIND.isBehind(memory, LAMBDA)).isTrue();
    assertThat(WriteMode.SYNC.isBehind(remote, HERE)).isFalse();
  }
}
