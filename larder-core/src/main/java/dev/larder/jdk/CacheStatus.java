package dev.larder.jdk;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why a request went to the origin: the {@code fwd} parameter of RFC 9211 §2.2. */
enum CacheStatus {
  /** The cache does not handle such requests. */
  BYPASS("bypass"),
  /** The method has to be forwarded. */
  METHOD("method"),
  /** The request's directives ask for it. */
  REQUEST("request"),
  /** Nothing is stored for the URI. */
  URI_MISS("uri-miss"),
  /** What is stored is for other request fields. */
  VARY_MISS("vary-miss"),
  /** What is stored does not answer this request for another reason. */
  MISS("miss"),
  /** What is stored is no longer fresh. */
  STALE("stale");

  private static final String FIELD = "Cache-Status";
  private static final String NAME = "Larder";

  private final String token;

  CacheStatus(String token) {
    this.token = token;
  }

  /** The head of a forwarded response: the origin's, with this cache added behind others. */
  HttpHeaders addTo(HttpHeaders headers, boolean stored) {
    return add(headers.map(), "fwd=" + token + (stored ? "; stored" : ""));
  }

  /** A head with this cache's part in the response added. */
  static HttpHeaders add(Map<String, List<String>> headers, String parameters) {
    Map<String, List<String>> map = new LinkedHashMap<>(headers);
    List<String> members = new ArrayList<>();
    map.entrySet()
        .removeIf(line -> line.getKey().equalsIgnoreCase(FIELD) && members.addAll(line.getValue()));
    members.add(NAME + "; " + parameters);
    map.put(FIELD, members);
    return HttpHeaders.of(map, (name, value) -> true);
  }
}
