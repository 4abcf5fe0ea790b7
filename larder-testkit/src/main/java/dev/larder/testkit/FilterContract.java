package dev.larder.testkit;

import static dev.larder.http.EntryFilter.all;
import static dev.larder.http.EntryFilter.expired;
import static dev.larder.http.EntryFilter.host;
import static dev.larder.http.EntryFilter.invalid;
import static dev.larder.http.EntryFilter.method;
import static dev.larder.http.EntryFilter.olderThan;
import static dev.larder.http.EntryFilter.status;
import static dev.larder.http.EntryFilter.url;
import static dev.larder.http.EntryFilter.urlPrefix;
import static dev.larder.http.EntryFilter.valid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A filter means what {@link EntryFilter#matches} says, over a population of many kinds. */
abstract class FilterContract extends StorageContractGroup {
  private static final Instant END = Instant.parse("2026-11-22T08:00:00Z").plusSeconds(3600);
  private static final String LONG_URL = "https://example.org/" + "long/".repeat(500);

  private static final List<String> URLS =
      List.of(
          "https://example.org/",
          "https://example.org",
          "https://example.org/a",
          "https://example.org/a?x=1&y=2",
          "https://example.org/a/b%20c",
          "https://EXAMPLE.org/a",
          "https://example.org:8443/a",
          "https://user:pw@example.org/a",
          "http://example.org/a",
          "https://example.org.evil.example/a",
          "https://sub.example.org/a",
          "https://[2001:db8::1]:8080/a",
          "https://b\u00FCcher.example/\u00FC",
          "http://not a uri/|",
          "",
          LONG_URL);

  FilterContract(ResponseStorageContract contract) {
    super(contract);
  }

  static Stream<EntryFilter> filters() {
    return Stream.of(
        all(),
        valid(),
        expired(),
        invalid(),
        olderThan(Duration.ZERO),
        olderThan(Duration.ofSeconds(10)),
        olderThan(Duration.ofDays(365_000)),
        olderThan(Duration.ofSeconds(Long.MAX_VALUE)),
        url("https://example.org/a"),
        url("https://example.org/a?x=1&y=2"),
        url("http://not a uri/|"),
        url(LONG_URL),
        url(""),
        url("https://example.org/no-such-page"),
        urlPrefix("https://example.org"),
        urlPrefix("https://example.org/"),
        urlPrefix("https://example.org/a"),
        urlPrefix("https://b\u00FCcher.example/"),
        urlPrefix(LONG_URL.substring(0, 2000)),
        urlPrefix(""),
        urlPrefix("HTTPS://"),
        host("example.org"),
        host("Example.ORG"),
        host("sub.example.org"),
        host("[2001:db8::1]"),
        host("b\u00FCcher.example"),
        host("example"),
        host(""),
        status(200),
        status(404),
        status(0),
        method("GET"),
        method("POST"),
        method("get"),
        method("PROPFIND"),
        valid().and(status(200)),
        expired().and(host("example.org")).and(method("GET")),
        status(404).or(status(301)).or(method("POST")),
        expired().or(invalid()),
        olderThan(Duration.ofSeconds(10)).and(urlPrefix("https://example.org/").not()),
        valid().not(),
        expired().not(),
        invalid().not(),
        status(200).not(),
        all().not(),
        method("GET").and(status(200)).not(),
        method("GET").not().or(status(200).not()),
        host("example.org").or(valid()).not().and(all()),
        expired().not().and(status(200).or(invalid()).not()));
  }

  /** Two entries of each URL; every other attribute in every combination that counts. */
  private static List<EntryHead> population() {
    List<EntryHead> heads = new ArrayList<>();
    List<Optional<Instant>> expirations =
        List.of(
            Optional.empty(),
            Optional.of(START),
            Optional.of(START.plusMillis(1)),
            Optional.of(START.minusMillis(1)),
            Optional.of(Instant.parse("2026-11-22T08:00:00Z")),
            Optional.of(END));
    List<Instant> creations =
        List.of(
            START,
            START.minusSeconds(10),
            START.minusSeconds(10).minusMillis(1),
            START.minusSeconds(10).plusMillis(1),
            Instant.parse("2026-11-22T07:59:50Z"),
            Instant.EPOCH,
            Instant.parse("0001-01-01T00:00:00Z"));
    int[] statuses = {200, 200, 404, 301, 200};
    String[] methods = {"GET", "GET", "POST", "PROPFIND"};
    for (int i = 0; i < 2 * URLS.size() + 3; i++) {
      Request request =
          Request.of(methods[i % methods.length], URI.create("https://example.org/requested"));
      heads.add(
          EntryHead.builder("key-" + i, request, creations.get(i % creations.size()))
              .url(URLS.get(i % URLS.size()))
              .status(statuses[i % statuses.length])
              .expires(expirations.get(i % expirations.size()))
              .retainUntil(i % 2 == 0 ? Optional.empty() : Optional.of(END.plusSeconds(i)))
              .build());
    }
    return heads;
  }

  @ParameterizedTest
  @MethodSource("filters")
  void scan_filter_deliversExactlyWhatMatchesInMemory(EntryFilter filter) {
    Set<String> expected = new TreeSet<>();
    List<CachedResponse> responses = new ArrayList<>();
    for (EntryHead head : population()) {
      Body body = Body.of("body of " + head.key());
      responses.add(new CachedResponse(head, body));
      if (filter.matches(CacheEntry.of(head, body, -1), clock.instant())) {
        expected.add(head.key());
      }
    }
    storage.writeAll(responses.iterator());
    storeOthers();
    if (contract.storeUndecodable(storage, "undecodable")
        && filter.matches(CacheEntry.invalid("undecodable", "bad", -1), clock.instant())) {
      expected.add("undecodable");
    }
    assertThat(keysOf(storage.scan(ScanRequest.of(filter)))).isEqualTo(expected);
    assertThat(keysOf(storage.scan(ScanRequest.of(filter).withBodies()))).isEqualTo(expected);
  }

  /** What no filter may deliver. */
  private void storeOthers() {
    Instant now = clock.instant();
    publish(
        head("past").retainUntil(Optional.of(Instant.parse("2026-11-22T08:00:00Z"))).build(), "");
    put(new StoredItem.Alias("alias", "key-1", Optional.empty()));
    put(new StoredItem.Tombstone("tombstone", now, END));
    put(
        new StoredItem.Directory(
            "directory", "", List.of("A"), Set.of("key-1"), Optional.empty(), Optional.of(END)));
  }

  @Test
  void scan_asTimePasses_entriesGoFromValidToExpired() {
    publish(head("k").expires(Optional.of(END)).build(), "body");
    clock.set(END.minusMillis(1));
    assertThat(keysOf(storage.scan(ScanRequest.of(valid())))).containsExactly("k");
    assertThat(keysOf(storage.scan(ScanRequest.of(expired())))).isEmpty();
    clock.set(END);
    assertThat(keysOf(storage.scan(ScanRequest.of(valid())))).isEmpty();
    assertThat(keysOf(storage.scan(ScanRequest.of(expired())))).containsExactly("k");
  }

  @Test
  void scan_afterUpdate_matchesTheNewHead() {
    publish(head("k").expires(Optional.of(START)).build(), "body");
    EntryHead head = entry("k").head();
    storage.update(head.toBuilder().expires(Optional.of(END)).status(203).build());
    assertThat(keysOf(storage.scan(ScanRequest.of(valid().and(status(203)))))).containsExactly("k");
    assertThat(keysOf(storage.scan(ScanRequest.of(expired().or(status(200)))))).isEmpty();
  }
}
