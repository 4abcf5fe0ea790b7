package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies and heads come back as they were written. */
abstract class RoundTripContract extends StorageContractGroup {
  RoundTripContract(ResponseStorageContract contract) {
    super(contract);
  }

  static Stream<SampleBody> bodies() {
    return SampleBody.all();
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void write_anyBody_isReadBackByteForByte(SampleBody sample) {
    byte[] expected = sample.body().bytes();
    storage.write(head("k").build(), sample.body(), Precondition.none());
    CacheEntry entry = entry("k");
    assertThat(entry.open().body().bytes()).isEqualTo(expected);
    assertThat(entry.head().length()).isEqualTo(expected.length);
    assertThat(entry.open().body().length()).isIn(-1L, (long) expected.length);
    assertThat(goodEntry(storage.read("k", ReadOptions.HEAD)).open().body().bytes())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void write_inPieces_isReadBackAsOne(SampleBody sample) {
    byte[] expected = sample.body().bytes();
    try (EntryWriter writer = storage.write(head("k").build(), Precondition.none())) {
      int step = expected.length > 1000 ? 4099 : 1;
      for (int from = 0; from < expected.length; from += step) {
        writer.write(ByteBuffer.wrap(expected, from, Math.min(step, expected.length - from)));
        writer.write(ByteBuffer.allocate(0));
      }
      assertThat(writer.commit().published()).isTrue();
    }
    assertThat(entry("k").open().body().bytes()).isEqualTo(expected);
    assertThat(entry("k").head().length()).isEqualTo(expected.length);
  }

  static Stream<EntryHead> heads() {
    Request bare = Request.get("https://example.org/");
    Instant created = START.minusSeconds(100);
    Instant first = Instant.parse("0000-01-01T00:00:00Z");
    Instant last = Instant.parse("9999-12-31T23:59:59.999Z");
    Request post =
        new Request(
            "POST",
            URI.create("https://user@EXAMPLE.org:8443/a%20b/?q=%C3%BC&q=&x#part"),
            Headers.of("Accept", "text/html, */*;q=0.1", "X-Empty", "", "accept", "second"),
            Body.of(new byte[] {0, 1, (byte) 0xFF, '\n'}));
    EntryHead everything =
        EntryHead.builder("k", post, created)
            .url("https://example.org/ends-up-here?a=1&b=%20")
            .status(203)
            .headers(Headers.of("Content-Type", "text/html", "ETag", "W/\"x\""))
            .requested(created.plusMillis(1))
            .responded(created.plusMillis(42))
            .expires(Optional.of(START.plusSeconds(60)))
            .explicit(true)
            .retainUntil(Optional.of(Instant.parse("2026-12-01T00:00:00Z")))
            .digest(Optional.of("0123456789abcdef"))
            .range(Optional.of("bytes 0-99/1000"))
            .credential(Optional.of("c0ffee"))
            .tags(Set.of("b", "a", "with space", "ü"))
            .build();
    return Stream.of(
        EntryHead.builder("k", bare, created).build(),
        everything,
        everything.toBuilder().explicit(false).expires(Optional.empty()).build(),
        everything.toBuilder().request(Request.of("PROPFIND", bare.uri())).status(599).build(),
        everything.toBuilder().url("http://not a uri/ü|<>\"{}").status(100).build(),
        everything.toBuilder().url("").tags(Set.of()).headers(Headers.empty()).build(),
        everything.toBuilder().created(first).requested(first).responded(first).build(),
        everything.toBuilder().created(last).requested(last).responded(last).build(),
        everything.toBuilder().expires(Optional.of(last)).retainUntil(Optional.empty()).build(),
        everything.toBuilder().expires(Optional.of(first)).build(),
        everything.toBuilder()
            .created(Instant.parse("2026-11-22T08:00:00Z"))
            .requested(Instant.parse("2026-11-22T08:00:00.100Z"))
            .build());
  }

  @ParameterizedTest
  @MethodSource("heads")
  void write_anyHead_isReadBackEqual(EntryHead head) {
    String version = publish(head, "body");
    for (ReadOptions options :
        List.of(ReadOptions.DEFAULT, ReadOptions.HEAD, ReadOptions.DEFAULT.strongly())) {
      EntryHead found = goodEntry(storage.read("k", options)).head();
      assertSameHead(found, head);
      assertThat(found.version()).isEqualTo(version);
      assertThat(found.length()).isEqualTo(4);
    }
  }

  @Test
  void write_fieldLines_keepOrderCaseAndDuplicates() {
    Headers headers =
        Headers.of(
            "set-cookie",
            "a=1",
            "Set-Cookie",
            "b=2; Path=/",
            "SET-COOKIE",
            "a=1",
            "X-Empty",
            "",
            "X-Colon",
            "a: b: c",
            "Date",
            "Sun, 22 Nov 2026 08:00:00 GMT",
            "X-Tab",
            "a\tb",
            "X-Latin",
            "caf\u00E9 \u00FF",
            "X-Quotes",
            "\"a\\\"b\"",
            "x-empty",
            "no longer");
    publish(head("k").headers(headers).build(), "body");
    assertThat(entry("k").head().headers().fields()).isEqualTo(headers.fields());
  }

  @Test
  void write_retainUntilWithinASecond_isKeptAsTheHeadRoundsItUp() {
    Instant second = START.plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    Optional<Instant> until = Optional.of(second.plusMillis(1));
    EntryHead head = head("k").retainUntil(until).build();
    publish(head, "body");
    assertThat(head.retainUntil()).contains(second.plusSeconds(1));
    assertThat(entry("k").head().retainUntil()).isEqualTo(head.retainUntil());
  }

  @Test
  void write_manyTimes_givesEachVersionOnce() {
    Set<String> versions = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      String version = publish("k", "same body");
      assertThat(version).isNotEmpty();
      assertThat(versions.add(version)).isTrue();
      assertThat(entry("k").head().version()).isEqualTo(version);
    }
  }

  @Test
  void write_headThatHasVersionAndLength_getsItsOwn() {
    String version = publish(head("k").version("mine").length(99).build(), "body");
    assertThat(version).isNotEqualTo("mine");
    assertThat(entry("k").head().version()).isEqualTo(version);
    assertThat(entry("k").head().length()).isEqualTo(4);
  }

  @Test
  void open_twice_givesIndependentStreams() throws IOException {
    byte[] bytes = SampleBody.random(SampleBody.LARGE);
    storage.write(head("k").build(), Body.of(bytes), Precondition.none());
    Body body = entry("k").open().body();
    try (InputStream one = body.open();
        InputStream two = body.open()) {
      assertThat(one.readNBytes(1000)).isEqualTo(Arrays.copyOf(bytes, 1000));
      assertThat(two.readAllBytes()).isEqualTo(bytes);
      assertThat(one.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 1000, bytes.length));
      assertThat(one.read()).isEqualTo(-1);
    }
    assertThat(body.bytes()).isEqualTo(bytes);
  }

  @Test
  void bytes_changedByTheCaller_leaveTheStoredBody() {
    publish("k", "body");
    Body body = entry("k").open().body();
    body.bytes()[0] = 'X';
    body.buffer().ifPresent(buffer -> assertThat(buffer.isReadOnly()).isTrue());
    assertThat(body.text(StandardCharsets.UTF_8)).isEqualTo("body");
    assertThat(bodyText("k")).isEqualTo("body");
  }

  @Test
  void read_afterWrite_isSeenByEveryThread() throws InterruptedException, ExecutionException {
    publish("k", "one");
    publish("k", "two");
    FutureTask<String> elsewhere = new FutureTask<>(() -> bodyText("k"));
    new Thread(elsewhere, "other-reader").start();
    assertThat(elsewhere.get()).isEqualTo("two");
    assertThat(bodyText("k")).isEqualTo("two");
  }

  @Test
  void read_absent_isEmpty() {
    publish("k", "body");
    assertThat(read("other")).isEmpty();
    assertThat(storage.read("other", ReadOptions.HEAD.strongly())).isEmpty();
  }
}
