package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.http.Headers;
import java.util.OptionalLong;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §14.4. */
class ContentRangeTest {
  @Test
  void parse_range_read() {
    assertThat(ContentRange.parse("bytes 0-9/100"))
        .contains(new ContentRange(0, 9, OptionalLong.of(100)));
    assertThat(ContentRange.parse("BYTES 5-5/*"))
        .contains(new ContentRange(5, 5, OptionalLong.empty()));
    assertThat(ContentRange.parse("bytes 0-9/10").orElseThrow().range())
        .isEqualTo(new ByteRange(0, 9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes */100",
        "bytes 0-9",
        "bytes 0-9/",
        "bytes 0-9/9",
        "bytes 9-0/100",
        "bytes -9/100",
        "bytes 0-/100",
        "bytes 0-9/-1",
        "bytes 0-9/**",
        "bytes=0-9/100",
        "bytes: 0-9/100",
        "bytes  0-9/100",
        "bytes 0 - 9/100",
        "bytes 0-9/100, bytes 20-29/100",
        "bytes 0-9/100 ",
        "lines 0-9/100",
        "bytes 0-9223372036854775807/*",
        "bytes 0-9/9223372036854775807",
        "bytes 0-9/99999999999999999999",
        "bytes 99999999999999999999-99999999999999999999/*",
        "bytes \u0660-\u0669/*"
      })
  void parse_noRangeOfBytes_empty(String text) {
    assertThat(ContentRange.parse(text)).isEmpty();
  }

  @Test
  void of_oneLine_read() {
    assertThat(ContentRange.of(Headers.of("content-range", "bytes 0-9/100"))).isPresent();
  }

  @Test
  void of_noneOrSeveral_empty() {
    assertThat(ContentRange.of(Headers.empty())).isEmpty();
    assertThat(
            ContentRange.of(
                Headers.of("Content-Range", "bytes 0-9/100", "Content-Range", "bytes 0-9/100")))
        .isEmpty();
  }

  @Test
  void constructor_notARange_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ContentRange(0, 9, OptionalLong.of(9)))
        .withMessageContaining("0-9");
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteRange(5, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteRange(-1, 4));
  }

  @Property
  void parse_whatToStringWrote_isEqual(
      @ForAll @LongRange(min = 0) long first,
      @ForAll @LongRange(min = 0) long more,
      @ForAll @LongRange(min = -1) long behind) {
    long last = first + more;
    long complete = last + 1 + behind;
    Assume.that(last >= 0 && last < Long.MAX_VALUE - 1);
    Assume.that(behind < 0 || (complete > last && complete < Long.MAX_VALUE));
    ContentRange range =
        new ContentRange(
            first, last, behind < 0 ? OptionalLong.empty() : OptionalLong.of(complete));
    assertThat(ContentRange.parse(range.toString())).contains(range);
  }
}
