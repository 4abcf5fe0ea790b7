package dev.larder.serial;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Entries to write and read: two fixed ones, and every kind at random. */
final class Entries {
  private Entries() {}

  /** Every attribute differs from its default. */
  static CachedResponse full() {
    Request request =
        new Request(
            "POST",
            URI.create("https://example.org:8443/a%20b?q=caf%C3%A9#f"),
            Headers.of("Accept", "text/html", "X-Empty", ""),
            Body.of("{\"q\":1}"));
    EntryHead head =
        EntryHead.builder("k\u00e9y \uD83D\uDE00", request, Instant.parse("2026-11-22T08:00:00Z"))
            .version("v1")
            .url("https://example.org/ends here|")
            .status(203)
            .headers(
                Headers.of("Set-Cookie", "a=1", "set-cookie", "b=2", "X-Odd", "\u00fc:\t\u0001"))
            .requested(Instant.parse("2026-11-22T07:59:59.5Z"))
            .responded(Instant.parse("2026-11-22T07:59:59.999Z"))
            .expires(Optional.of(Instant.parse("2026-11-22T09:00:00.120Z")))
            .explicit(true)
            .retainUntil(Optional.of(Instant.parse("9999-12-31T23:59:59.999Z")))
            .length(5)
            .digest(Optional.of("d1"))
            .range(Optional.of("bytes 0-4/10"))
            .credential(Optional.of("c1"))
            .tags(List.of("two", "one"))
            .build();
    return new CachedResponse(head, Body.of("h\u00e9\n\u0000"));
  }

  /** Every attribute that can have a default has it; the body is not text. */
  static CachedResponse plain() {
    Request request = Request.get("http://example.org/");
    return new CachedResponse(
        EntryHead.builder("k", request, Instant.EPOCH).build(),
        Body.of(new byte[] {0, (byte) 0xFF, (byte) 0xC0, (byte) 0x80}));
  }

  static Arbitrary<CachedResponse> any() {
    // There are too many combinations of edge cases to list; random values come upon them often.
    return Combinators.combine(heads(), bodies()).as(CachedResponse::new).withoutEdgeCases();
  }

  private static Arbitrary<EntryHead> heads() {
    Arbitrary<EntryHead.Builder> base =
        Combinators.combine(texts(), requests(), instants(), texts(), headers())
            .as(
                (key, request, created, version, headers) ->
                    EntryHead.builder(key, request, created).version(version).headers(headers));
    Arbitrary<EntryHead.Builder> timed =
        Combinators.combine(
                base, instants(), instants(), instants().optional(), instants().optional())
            .as(
                (head, requested, responded, expires, retainUntil) ->
                    head.requested(requested)
                        .responded(responded)
                        .expires(expires)
                        .retainUntil(retainUntil));
    Arbitrary<EntryHead.Builder> numbered =
        Combinators.combine(
                timed,
                Arbitraries.integers(),
                Arbitraries.longs().greaterOrEqual(-1),
                Arbitraries.of(true, false),
                texts().optional())
            .as(
                (head, status, length, explicit, url) -> {
                  url.ifPresent(head::url);
                  return head.status(status).length(length).explicit(explicit);
                });
    return Combinators.combine(
            numbered,
            texts().optional(),
            texts().optional(),
            texts().optional(),
            texts().list().ofMaxSize(4),
            Arbitraries.of(true, false))
        .as(
            (head, digest, range, credential, tags, exact) ->
                head.digest(digest)
                    .range(range)
                    .credential(credential)
                    .tags(tags)
                    .exact(exact)
                    .build());
  }

  private static Arbitrary<Request> requests() {
    Arbitrary<String> methods = Arbitraries.of("GET", "POST", "get", "PURGE", "purge", "M-SEARCH");
    Arbitrary<URI> uris =
        Arbitraries.of(
                "http://example.org",
                "https://user:pw@example.org:443/a%2Fb?x=%20#frag",
                "http://[::1]:8000/",
                "http://under_score.example/\u00e9\uD83D\uDE00",
                "HTTP://EXAMPLE.org/?")
            .map(URI::create);
    return Combinators.combine(methods, uris, headers(), bodies()).as(Request::new);
  }

  static Arbitrary<Headers> headers() {
    Arbitrary<String> names =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(12);
    Arbitrary<String> values =
        Arbitraries.oneOf(texts(), Arbitraries.of("", ":", "a: b", "\"", "\\", "\t", " x ", "a,b"));
    return Combinators.combine(names, values)
        .as((name, value) -> Headers.builder().addIfValid(name, value).build())
        .list()
        .ofMaxSize(6)
        .map(
            lines -> {
              Headers.Builder all = Headers.builder();
              lines.forEach(all::addAll);
              return all.build();
            });
  }

  private static Arbitrary<Instant> instants() {
    return Arbitraries.longs()
        .between(-62_167_219_200_000L, 253_402_300_799_999L)
        .map(Instant::ofEpochMilli);
  }

  /** Anything that UTF-8 can represent. */
  static Arbitrary<String> texts() {
    return Arbitraries.strings().all().ofMaxLength(20).filter(Utf8::isWellFormed);
  }

  private static Arbitrary<Body> bodies() {
    Arbitrary<byte[]> binary = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    Arbitrary<byte[]> text = texts().map(value -> value.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> large =
        Arbitraries.integers()
            .between(30_000, 120_000)
            .flatMap(length -> Arbitraries.bytes().map(seed -> repeated(seed, length)));
    return Arbitraries.frequencyOf(Tuple.of(4, binary), Tuple.of(4, text), Tuple.of(1, large))
        .map(Body::of);
  }

  private static byte[] repeated(byte seed, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed + i / 7);
    }
    return bytes;
  }
}
