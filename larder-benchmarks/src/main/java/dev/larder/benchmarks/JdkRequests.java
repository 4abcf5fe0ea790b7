package dev.larder.benchmarks;

import java.net.http.HttpRequest;

/** Requests of {@code java.net.http}. */
final class JdkRequests {
  private JdkRequests() {}

  /** One for each of the origin's documents. */
  static HttpRequest[] of(Origin origin) {
    HttpRequest[] requests = new HttpRequest[Origin.DOCUMENTS];
    for (int document = 0; document < requests.length; document++) {
      requests[document] =
          HttpRequest.newBuilder(origin.uri(document)).headers(Origin.REQUEST_FIELDS).build();
    }
    return requests;
  }
}
