package dev.larder.http;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A response from an origin, on its way into a cache. Immutable.
 *
 * <p>Defaults: status 200, no field lines, empty body, the request's URL, both times "now" when it
 * is saved, no history.
 */
public final class Response {
  private final int status;
  private final Headers headers;
  private final Body body;
  private final Optional<URI> url;
  private final Optional<Instant> requested;
  private final Optional<Instant> responded;
  private final List<Redirect> redirects;

  private Response(Builder builder) {
    this.status = builder.status;
    this.headers = builder.headers.build();
    this.body = builder.body;
    this.url = builder.url;
    this.requested = builder.requested;
    this.responded = builder.responded;
    this.redirects = List.copyOf(builder.redirects);
  }

  /** A builder with the defaults above. */
  public static Builder builder() {
    return new Builder();
  }

  /** The status code, 100 to 999. */
  public int status() {
    return status;
  }

  /** The field lines. */
  public Headers headers() {
    return headers;
  }

  /** The content, with its content codings as sent. */
  public Body body() {
    return body;
  }

  /** The URL that answered, if it is not the request's. */
  public Optional<URI> url() {
    return url;
  }

  /** When the request was sent: responses are ordered by it. */
  public Optional<Instant> requested() {
    return requested;
  }

  /** When the response's head arrived. */
  public Optional<Instant> responded() {
    return responded;
  }

  /** The requests that were redirected before this response came, in order. */
  public List<Request> history() {
    return redirects.stream().map(Redirect::request).toList();
  }

  /** The redirects before this response came, in order. */
  public List<Redirect> redirects() {
    return redirects;
  }

  @Override
  public String toString() {
    return "Response[" + status + ", " + body.length() + " bytes]";
  }

  /** Collects a response. Not thread-safe. */
  public static final class Builder {
    private int status = 200;
    private final Headers.Builder headers = Headers.builder();
    private Body body = Body.empty();
    private Optional<URI> url = Optional.empty();
    private Optional<Instant> requested = Optional.empty();
    private Optional<Instant> responded = Optional.empty();
    private final List<Redirect> redirects = new ArrayList<>();

    private Builder() {}

    /**
     * Sets the status code.
     *
     * @throws IllegalArgumentException if it is not between 100 and 999
     */
    public Builder status(int code) {
      if (code < 100 || code > 999) {
        throw new IllegalArgumentException(
            "status code must be between 100 and 999, but is " + code);
      }
      this.status = code;
      return this;
    }

    /** Adds a field line. */
    public Builder header(String name, String value) {
      headers.add(name, value);
      return this;
    }

    /** Adds field lines. */
    public Builder headers(Headers lines) {
      headers.addAll(lines);
      return this;
    }

    /** Sets the content. */
    public Builder body(Body content) {
      this.body = content;
      return this;
    }

    /** Sets the content to this text in UTF-8. */
    public Builder body(String text) {
      return body(Body.of(text));
    }

    /** Sets the URL that answered. */
    public Builder url(URI answered) {
      this.url = Optional.of(answered);
      return this;
    }

    /** Sets when the request was sent. */
    public Builder requested(Instant instant) {
      this.requested = Optional.of(instant);
      return this;
    }

    /** Sets when the response's head arrived. */
    public Builder responded(Instant instant) {
      this.responded = Optional.of(instant);
      return this;
    }

    /** Adds a request that was redirected before this response came, by a plain 302. */
    public Builder redirectedFrom(Request request) {
      return redirectedFrom(request, Response.builder().status(302).build());
    }

    /** Adds a request that was redirected before this response came, and what redirected it. */
    public Builder redirectedFrom(Request request, Response redirect) {
      redirects.add(new Redirect(request, redirect));
      return this;
    }

    /** The response. */
    public Response build() {
      return new Response(this);
    }
  }
}
