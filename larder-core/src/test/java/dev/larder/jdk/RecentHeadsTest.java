package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Answer;
import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentHeadsTest {
  private final RecentHeads heads = new RecentHeads();

  @Test
  void of_sameFieldsAgain_isTheSameHead() {
    HeadInfo first = heads.of(answer("key", 200, "Age", "1", "ETag", "\"a\""));
    assertThat(heads.of(answer("key", 200, "Age", "1", "ETag", "\"a\""))).isSameAs(first);
  }

  @Test
  void of_oneSecondLater_hasTheNewAge() {
    heads.of(answer("key", 200, "Age", "1", "ETag", "\"a\""));
    HeadInfo later = heads.of(answer("key", 200, "Age", "2", "ETag", "\"a\""));
    assertThat(later.headers().firstValue("age")).contains("2");
    assertThat(later.headers().firstValue("etag")).contains("\"a\"");
  }

  @Test
  void of_otherStatus_isAnotherHead() {
    heads.of(answer("key", 200, "Age", "1"));
    assertThat(heads.of(answer("key", 304, "Age", "1")).statusCode()).isEqualTo(304);
  }

  @Test
  void of_manyKeysInTurn_eachHasItsOwnFields() {
    for (int round = 0; round < 2; round++) {
      for (int key = 0; key < 2_000; key++) {
        HeadInfo head = heads.of(answer("key" + key, 200, "ETag", "\"" + key + '"'));
        assertThat(head.headers().firstValue("ETag")).contains("\"" + key + '"');
      }
    }
  }

  @Test
  void of_noEntry_isMadeOfTheAnswer() {
    Answer none =
        new Answer(504, Headers.of("Content-Length", "0"), Body.empty(), Optional.empty());
    assertThat(heads.of(none).statusCode()).isEqualTo(504);
  }

  private static Answer answer(String key, int status, String... fields) {
    EntryHead entry =
        EntryHead.builder(key, Request.get("http://example.com/"), Instant.EPOCH).build();
    return new Answer(status, Headers.of(fields), Body.empty(), Optional.of(entry));
  }
}
