package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.key.CacheKey;
import dev.larder.storage.EntryTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@link RecreateKeysTest} in DynamoDB. */
class DynamoDbRecreateKeysTest extends RecreateKeysTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }

  @Test
  void recreateKeys_entryThatALongerKeyMakesTooLarge_staysAndEndsNothing() {
    Request large = Request.get("http://example.org/large");
    int length = 400 * 1024;
    while (!saved(large, length)) {
      length--;
    }
    cache.saveResponse(Request.get(URL), response("small"));
    CacheSettings longer =
        CacheSettings.builder()
            .keyFunction(
                (request, matched) ->
                    new CacheKey(
                        "a key longer than those before, by far: " + request.uri(),
                        Optional.of("and a longer digest".repeat(10))))
            .build();
    HttpCache after = new TestCache(cache.storage(), longer, clock);
    List<KeyMigration.Left> left = new ArrayList<>();

    RecreatedKeys done = after.recreateKeys(KeyMigration.DEFAULT.onLeft(left::add));

    assertThat(done.moved()).isOne();
    assertThat(left)
        .singleElement()
        .extracting(KeyMigration.Left::reason)
        .isEqualTo(KeyMigration.Reason.TOO_LARGE);
    assertThat(cache.contains(large)).isTrue();
    assertThat(after.contains(Request.get(URL))).isTrue();
  }

  private boolean saved(Request request, int length) {
    try {
      return cache
          .saveResponse(request, Response.builder().body("x".repeat(length)).build())
          .isPresent();
    } catch (EntryTooLargeException e) {
      return false;
    }
  }
}
