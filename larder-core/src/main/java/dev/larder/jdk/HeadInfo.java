package dev.larder.jdk;

import dev.larder.http.Headers;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/** What a body handler is shown of a response. */
record HeadInfo(int statusCode, HttpHeaders headers, HttpClient.Version version)
    implements HttpResponse.ResponseInfo {
  static HeadInfo of(int status, Headers headers, HttpClient.Version version) {
    return new HeadInfo(status, HttpHeaders.of(headers.toMap(), (name, value) -> true), version);
  }
}
