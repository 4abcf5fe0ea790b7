package dev.larder.http;

import java.util.Objects;

/**
 * One step of a chain of redirects: a request and the response that sent it elsewhere. Immutable.
 *
 * @param request as it was sent
 * @param response what answered it, with a status such as 302 and a {@code Location}
 */
public record Redirect(Request request, Response response) {
  /** Checks that both are there. */
  public Redirect {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(response, "response");
  }
}
