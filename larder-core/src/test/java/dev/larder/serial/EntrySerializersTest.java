package dev.larder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for both formats of entries, alone and compressed. */
class EntrySerializersTest {
  static List<Serializer<CachedResponse>> all() {
    return List.of(
        Serializers.json(),
        Serializers.binary(),
        SerializerPipeline.of(Serializers.json(), Stages.gzip()),
        SerializerPipeline.of(Serializers.binary(), Stages.gzip()));
  }

  @Provide
  Arbitrary<Serializer<CachedResponse>> serializers() {
    return Arbitraries.of(all());
  }

  @Provide
  Arbitrary<CachedResponse> entries() {
    return Entries.any();
  }

  @Property(tries = 1500)
  void deserialize_whatWasSerialized_isEqual(
      @ForAll("serializers") Serializer<CachedResponse> serializer,
      @ForAll("entries") CachedResponse entry) {
    assertThat(roundTrip(serializer, entry)).isEqualTo(entry);
  }

  @ParameterizedTest
  @MethodSource("all")
  void deserialize_everyAttributeSet_isEqual(Serializer<CachedResponse> serializer) {
    assertThat(roundTrip(serializer, Entries.full())).isEqualTo(Entries.full());
    assertThat(roundTrip(serializer, Entries.plain())).isEqualTo(Entries.plain());
  }

  @ParameterizedTest
  @MethodSource("all")
  void deserialize_largeBody_isEqual(Serializer<CachedResponse> serializer) {
    byte[] noise = new byte[5 << 20];
    new Random(1).nextBytes(noise);
    EntryHead head = Entries.full().head();
    for (Body body : List.of(Body.of(noise), Body.of("\u20ac\n\u0000".repeat(700_000)))) {
      CachedResponse entry = new CachedResponse(head, body);
      assertThat(roundTrip(serializer, entry)).isEqualTo(entry);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void deserialize_textBodiesThatDecodersChange_areEqual(Serializer<CachedResponse> serializer) {
    for (String text :
        List.of("\uFEFFbom", "a\uFFFDb", "\r\n\u2028\u0085", "\u0000", "\uD83D\uDE00")) {
      CachedResponse entry = new CachedResponse(Entries.plain().head(), Body.of(text));
      assertThat(roundTrip(serializer, entry)).isEqualTo(entry);
    }
  }

  @Property(tries = 3000)
  void deserialize_randomBytes_throwsSerializationExceptionOnly(
      @ForAll("serializers") Serializer<CachedResponse> serializer, @ForAll byte[] bytes) {
    decodesOrRefuses(serializer, bytes);
  }

  @Property(tries = 8000)
  void deserialize_mutatedBytes_throwsSerializationExceptionOnly(
      @ForAll("serializers") Serializer<CachedResponse> serializer,
      @ForAll("entries") CachedResponse entry,
      @ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = serializer.serialize(entry, StageContext.NONE);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      // The head is where most can go wrong.
      int position =
          random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 64) : bytes.length);
      bytes[position] = (byte) random.nextInt();
    }
    decodesOrRefuses(serializer, bytes);
  }

  @ParameterizedTest
  @MethodSource("all")
  void deserialize_truncated_isRefused(Serializer<CachedResponse> serializer) {
    for (CachedResponse entry : List.of(Entries.full(), Entries.plain())) {
      byte[] bytes = serializer.serialize(entry, StageContext.NONE);
      for (int length = 0; length < bytes.length; length++) {
        byte[] begin = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> serializer.deserialize(begin, StageContext.NONE))
            .as("%s cut to %d bytes", serializer.name(), length)
            .isInstanceOf(SerializationException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void deserialize_bytesFollow_isRefused(Serializer<CachedResponse> serializer) {
    byte[] bytes = serializer.serialize(Entries.full(), StageContext.NONE);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    longer[bytes.length] = '1';
    assertThatThrownBy(() -> serializer.deserialize(longer, StageContext.NONE))
        .isInstanceOf(SerializationException.class);
  }

  @ParameterizedTest
  @MethodSource("all")
  void serialize_unpairedSurrogate_isRefusedAndNamed(Serializer<CachedResponse> serializer) {
    Request request = Request.get("http://example.org/");
    EntryHead head =
        EntryHead.builder("k", request, Instant.EPOCH)
            .headers(Headers.of("X-Odd", "\uD800"))
            .build();
    assertThatThrownBy(
            () -> serializer.serialize(new CachedResponse(head, Body.empty()), StageContext.NONE))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("X-Odd")
        .hasMessageContaining("surrogate");
  }

  @ParameterizedTest
  @MethodSource("all")
  void serialize_moreThanLimits_isRefused(Serializer<CachedResponse> serializer) {
    Request request = Request.get("http://example.org/");
    Headers.Builder lines = Headers.builder();
    IntStream.range(0, 10_000).forEach(i -> lines.add("n", ""));
    EntryHead.Builder head = EntryHead.builder("k", request, Instant.EPOCH).headers(lines.build());
    CachedResponse most = new CachedResponse(head.build(), Body.empty());
    assertThat(roundTrip(serializer, most)).isEqualTo(most);

    head.headers(lines.add("n", "").build());
    assertRefused(serializer, head.build(), "10001");
    List<String> tags = IntStream.rangeClosed(0, 10_000).mapToObj(Integer::toString).toList();
    assertRefused(serializer, head.headers(Headers.empty()).tags(tags).build(), "tags");
  }

  private static void assertRefused(
      Serializer<CachedResponse> serializer, EntryHead head, String message) {
    assertThatThrownBy(
            () -> serializer.serialize(new CachedResponse(head, Body.empty()), StageContext.NONE))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @MethodSource("all")
  void serialize_bodyThatStreams_isReadOnce(Serializer<CachedResponse> serializer) {
    byte[] content = "streamed \u00e9".getBytes(StandardCharsets.ISO_8859_1);
    Body streamed =
        new Body() {
          @Override
          public long length() {
            return -1;
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(content);
          }
        };
    CachedResponse read =
        roundTrip(serializer, new CachedResponse(Entries.plain().head(), streamed));
    assertThat(read.body().bytes()).isEqualTo(content);
  }

  @Test
  void deserialize_timesOutOfOrder_areKept() {
    EntryHead head =
        EntryHead.builder(
                "k", Request.get("http://example.org/"), Instant.parse("9999-12-31T23:59:59.999Z"))
            .requested(Instant.parse("0000-01-01T00:00:00Z"))
            .expires(Optional.of(Instant.parse("1969-12-31T23:59:59.999Z")))
            .build();
    for (Serializer<CachedResponse> serializer : all()) {
      assertThat(roundTrip(serializer, new CachedResponse(head, Body.empty())).head())
          .isEqualTo(head);
    }
  }

  private static CachedResponse roundTrip(
      Serializer<CachedResponse> serializer, CachedResponse entry) {
    return serializer.deserialize(
        serializer.serialize(entry, StageContext.NONE), StageContext.NONE);
  }

  private static void decodesOrRefuses(Serializer<CachedResponse> serializer, byte[] bytes) {
    try {
      assertThat(serializer.deserialize(bytes, StageContext.NONE)).isNotNull();
    } catch (SerializationException e) {
      assertThat(e).hasMessageMatching("(?s).{10,600}");
    }
  }
}
