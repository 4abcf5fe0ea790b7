package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.http.Headers;
import dev.larder.policy.Ranges.RangeSpec;
import dev.larder.policy.Ranges.Selection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §14. */
class RangesTest {
  private static Selection select(String range, long length) {
    return Ranges.select(Headers.of("Range", range), length);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "§14.1.2 first 500                  | bytes=0-499 | 0-499",
        "§14.1.2 second 500                 | bytes=500-999 | 500-999",
        "§14.1.2 the rest                   | bytes=9500- | 9500-9999",
        "§14.1.2 last 500                   | bytes=-500 | 9500-9999",
        "§14.1.2 all                        | bytes=0- | 0-9999",
        "§14.1.2 beyond the end             | bytes=9999-20000 | 9999-9999",
        "§14.1.2 suffix longer than all     | bytes=-20000 | 0-9999",
        "§14.1.2 first and last             | bytes=0-0,-1 | 0-0 9999-9999",
        "§14.1.2 first, middle and last     | bytes= 0-999, 4500-5499, -1000 | 0-999 4500-5499 9000-9999",
        "§14.1.2 adjoining                  | bytes=500-600,601-999 | 500-999",
        "§14.1.2 overlapping                | bytes=500-700,601-999 | 500-999",
        "§14.1 unit in any case             | BYTES=0-1 | 0-1",
        "§14.1.2 very large numbers         | bytes=1-99999999999999999999 | 1-9999",
        "§14.1.2 very large suffix          | bytes=-99999999999999999999 | 0-9999",
        "§14.1.1 satisfiable ones only      | bytes=0-1,20000-,-0 | 0-1",
        "§15.3.7.2 order of the request     | bytes=100-199, 0-9 | 100-199 0-9",
        "§15.3.7.2 made one, in first place | bytes=100-199, 0-9, 150-299 | 100-299 0-9",
        "one within another                 | bytes=0-99, 20-29 | 0-99",
      })
  void select_valid_parts(String rule, String range, String expected) {
    Selection selection = select(range, 10_000);
    assertThat(selection).as(rule).isInstanceOf(Selection.Parts.class);
    List<String> parts =
        ((Selection.Parts) selection)
            .ranges().stream().map(part -> part.first() + "-" + part.last()).toList();
    assertThat(String.join(" ", parts)).as(rule).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes =0-1",
        "bytes:0-1",
        "lines=0-1",
        "bytes=-",
        "bytes=1",
        "bytes=a-b",
        "bytes=0-b",
        "bytes=1-0",
        "bytes=--1",
        "bytes=+1-2",
        "bytes=0-1;2-3",
        "bytes=0-1, x",
        "bytes=0-1, bytes=4-5",
        "bytes=0x0-0x1",
        "bytes=0-10,5-15,12-20",
        "bytes=0-10,5-15,100-110,105-115",
        "bytes=100-101,90-91,80-81,70-71,60-61,50-51,40-41,30-31,20-21",
        "items=0-1"
      })
  void select_noneInvalidOrAbusive_whole(String range) {
    assertThat(select(range, 10_000)).isInstanceOf(Selection.Whole.class);
  }

  @Test
  void select_noneOrSeveralLines_whole() {
    assertThat(Ranges.select(Headers.empty(), 10)).isInstanceOf(Selection.Whole.class);
    assertThat(Ranges.select(Headers.of("Range", "bytes=0-1", "Range", "bytes=0-1"), 10))
        .isInstanceOf(Selection.Whole.class);
  }

  @Test
  void select_veryMany_whole() {
    StringBuilder range = new StringBuilder("bytes=0-0");
    for (int i = 1; i < 65; i++) {
      range.append(',').append(i * 10).append('-').append(i * 10);
    }
    assertThat(select(range.toString(), 10_000)).isInstanceOf(Selection.Whole.class);
    String fewer = range.substring(0, range.lastIndexOf(","));
    assertThat(((Selection.Parts) select(fewer, 10_000)).ranges()).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=10-", "bytes=10-20,30-40", "bytes=-0", "bytes=99999999999999999999-"})
  void select_nothingThere_unsatisfiable(String range) {
    assertThat(select(range, 10)).isInstanceOf(Selection.Unsatisfiable.class);
  }

  /** §14.2: a Range may be passed over if there is no content. */
  @Test
  void select_emptyOrUnknown_whole() {
    assertThat(select("bytes=0-", 0)).isInstanceOf(Selection.Whole.class);
    assertThat(select("bytes=0-", -1)).isInstanceOf(Selection.Whole.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {"bytes=5-9 | 5 | 9", "bytes=5-  | 5 | -", "bytes=-5  | - | 5", "bytes=0-0 | 0 | 0"})
  void single_one_read(String range, @Nullable Long first, @Nullable Long last) {
    assertThat(Ranges.single(Headers.of("Range", range)))
        .contains(
            new RangeSpec(
                first == null ? OptionalLong.empty() : OptionalLong.of(first),
                last == null ? OptionalLong.empty() : OptionalLong.of(last)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,4-5", "bytes=5-4", "bytes=-", "lines=0-1"})
  void single_noneOrSeveral_empty(String range) {
    assertThat(Ranges.single(Headers.of("Range", range))).isEmpty();
  }

  /** What is selected holds exactly the bytes asked for, whatever is made one. */
  @Property
  void select_anyRanges_theirUnion(
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll List<@IntRange(min = 0, max = 50) Integer> positions) {
    List<String> specs = new ArrayList<>();
    boolean[] wanted = new boolean[length];
    boolean any = false;
    for (int i = 0; i + 1 < positions.size(); i += 2) {
      int first = Math.min(positions.get(i), positions.get(i + 1));
      int last = Math.max(positions.get(i), positions.get(i + 1));
      specs.add(first + "-" + last);
      for (int j = first; j <= last && j < length; j++) {
        wanted[j] = true;
        any = true;
      }
    }
    Selection selection = select("bytes=" + String.join(",", specs), length);
    if (selection instanceof Selection.Parts parts) {
      boolean[] selected = new boolean[length];
      for (ByteRange range : parts.ranges()) {
        for (long j = range.first(); j <= range.last(); j++) {
          assertThat(selected[(int) j]).isFalse();
          selected[(int) j] = true;
        }
      }
      assertThat(selected).isEqualTo(wanted);
    } else if (selection instanceof Selection.Unsatisfiable) {
      assertThat(any).isFalse();
    }
  }

  @Test
  void multipart_twoParts_asInExample() {
    MultipartRanges multipart =
        Ranges.multipart(
            List.of(new ByteRange(0, 1), new ByteRange(4, 6)),
            10,
            Optional.of("text/plain"),
            "SEPARATES");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(multipart.before(0));
    body.writeBytes("01".getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(multipart.before(1));
    body.writeBytes("456".getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(multipart.end());
    assertThat(body.toString(StandardCharsets.US_ASCII))
        .isEqualTo(
            "--SEPARATES\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01"
                + "\r\n--SEPARATES\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-6/10\r\n\r\n456"
                + "\r\n--SEPARATES--\r\n");
    assertThat(multipart.length()).isEqualTo(body.size());
    assertThat(multipart.contentType()).isEqualTo("multipart/byteranges; boundary=SEPARATES");
  }

  @Test
  void multipart_noContentType_partsHaveNone() {
    MultipartRanges multipart =
        Ranges.multipart(List.of(new ByteRange(0, 1)), 10, Optional.empty(), "b");
    assertThat(new String(multipart.before(0), StandardCharsets.US_ASCII))
        .isEqualTo("--b\r\nContent-Range: bytes 0-1/10\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a\"b",
        "a\r\nb",
        "12345678901234567890123456789012345678901234567890123456789012345678901"
      })
  void multipart_badBoundary_refused(String boundary) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Ranges.multipart(List.of(new ByteRange(0, 1)), 10, Optional.empty(), boundary))
        .withMessageContaining("boundary");
  }

  @Test
  void multipart_noRanges_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ranges.multipart(List.of(), 10, Optional.empty(), "b"));
  }
}
