package dev.larder.requestscache;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.key.KeyFunction;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of the Python library requests-cache 1.3.3 with url-normalize 3.0.0, byte for byte, so
 * that a Java and a Python program find each other's responses in one table.
 *
 * <p>Defaults, which are those of a {@code CachedSession} with a {@code DynamoDbCache}:
 *
 * <ul>
 *   <li>{@code ignoredParameters}: {@link #DEFAULT_IGNORED_PARAMETERS}
 *   <li>{@code matchAllHeaders}: false; {@code verify}: true; {@code contentRootKey}: none
 *   <li>{@code serializerText}: {@link #DYNAMODB_SERIALIZER}
 *   <li>{@code fips}: false, that is, BLAKE2b
 * </ul>
 *
 * <p>A key is 16 hexadecimal digits, or 64 with {@code fips}. It vouches for nothing, so that its
 * {@link CacheKey#digest()} is empty: different requests have one key ({@code /a%2Fb} and {@code
 * /a/b}; {@code ?q=a+b} and {@code ?q=a%2Bb}; two users' requests, unless {@code Authorization} is
 * matched). Compare method, {@linkplain #filterUrl filtered URL}, body and credentials before using
 * a response found by it.
 *
 * <p>Requests for which Python raises an error instead of making a key (a form that is not UTF-8,
 * JSON nested too deep, a port that is no number) get one here that is always the same; no method
 * throws because of what a request holds. Python versions differ in the characters they know; these
 * are the keys of 3.11, with the package idna 3.13.
 *
 * <p>Immutable and thread-safe.
 */
public final class RequestsCacheKeys implements KeyFunction {
  /** What requests-cache redacts by default: parameters, form fields, JSON members and fields. */
  public static final List<String> DEFAULT_IGNORED_PARAMETERS =
      List.of(
          "Authorization",
          "Proxy-Authorization",
          "X-API-Key",
          "X-Auth-Token",
          "X-API-Token",
          "X-Access-Token",
          "access_token",
          "api_key",
          "apikey");

  /** The text of {@code DynamoDbCache}'s default serializer, which is part of its keys. */
  public static final String DYNAMODB_SERIALIZER =
      "SerializerPipeline(name=dynamodb_document, n_stages=2)";

  private static final int DIGEST_LENGTH = 8;

  private final Set<String> ignoredParameters;
  private final boolean matchAllHeaders;
  private final String contentRootKey;
  private final boolean verify;
  private final String serializerText;
  private final boolean fips;

  private RequestsCacheKeys(Builder builder) {
    this.ignoredParameters = Set.copyOf(builder.ignoredParameters);
    this.matchAllHeaders = builder.matchAllHeaders;
    this.contentRootKey = builder.contentRootKey;
    this.verify = builder.verify;
    this.serializerText = builder.serializerText;
    this.fips = builder.fips;
  }

  /** Keys with the defaults. */
  public static RequestsCacheKeys create() {
    return builder().build();
  }

  /** A new builder, holding the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** It does, and so a cache compares more than the key before it uses what it finds. */
  @Override
  public boolean mayCollide() {
    return true;
  }

  /**
   * The key of a request. Its URI is {@linkplain #prepareUrl prepared} first, as the requests
   * library does before requests-cache comes in; several field lines of one name are joined with
   * {@code ", "}.
   *
   * @param matchHeaders names of the request fields that take part, in any case and order; one that
   *     is there twice takes part twice
   */
  @Override
  public CacheKey create(Request request, Collection<String> matchHeaders) {
    return create(
        request.method(),
        prepareUrl(request.uri().toString()),
        joined(request.headers()),
        request.body().bytes(),
        matchHeaders);
  }

  /**
   * The second key, under which requests-cache looks where the response under the first has a
   * {@code Vary} that this request does not match; empty if its names leave nothing to tell them
   * apart by.
   */
  @Override
  public Optional<CacheKey> createVariant(
      Request request, String vary, Collection<String> matchHeaders) {
    List<String> names = variantHeaders(vary, matchHeaders);
    return names.isEmpty() || names.contains("*") || matchAllHeaders
        ? Optional.empty()
        : Optional.of(create(request, names));
  }

  /**
   * The key of a request whose URL may be one that {@link java.net.URI} refuses.
   *
   * @param method in any case
   * @param url as requests-cache sees it, so {@linkplain #prepareUrl prepared} if it comes from a
   *     user
   * @param headers one value for each name; not trimmed
   * @param body empty if there is none
   * @param matchHeaders names of the fields that take part, in any case and order
   */
  public CacheKey create(
      String method,
      String url,
      Map<String, String> headers,
      byte[] body,
      Collection<String> matchHeaders) {
    byte[] material = material(method, url, headers, body, matchHeaders);
    byte[] digest = fips ? sha256(material) : Blake2b.digest(material, DIGEST_LENGTH);
    return new CacheKey(HexFormat.of().formatHex(digest), Optional.empty());
  }

  /** The names whose values do not take part. */
  Set<String> ignoredParameters() {
    return ignoredParameters;
  }

  /** What is hashed. */
  byte[] material(
      String method,
      String url,
      Map<String, String> headers,
      byte[] body,
      Collection<String> matchHeaders) {
    NormalHeaders fields = new NormalHeaders(headers, ignoredParameters);
    ByteArrayOutputStream material = new ByteArrayOutputStream(body.length + 256);
    append(material, upper(method));
    append(material, normalizeUrl(url));
    material.writeBytes(normalizeBody(fields, body));
    append(material, verify ? "True" : "");
    (matchAllHeaders ? fields.all() : fields.matched(matchHeaders))
        .forEach(line -> append(material, line));
    append(material, serializerText);
    return material.toByteArray();
  }

  /**
   * The names to match for the second key that requests-cache tries when it has a response whose
   * {@code Vary} does not match the request: those in {@code Vary} without {@code cookie}, merged
   * with those that are matched anyway, if there are any. A request's second key is that of {@link
   * #create} with these names. None means that there is no second key.
   *
   * @param vary the field's value
   * @param matchHeaders names that are matched anyway
   * @return names in lower case
   */
  public static List<String> variantHeaders(String vary, Collection<String> matchHeaders) {
    List<String> names = new ArrayList<>();
    for (String piece : vary.split(",", -1)) {
      String name = PythonText.lower(PythonText.strip(piece));
      if (!name.isEmpty() && !name.equals("cookie")) {
        names.add(name);
      }
    }
    if (matchHeaders.isEmpty()) {
      return List.copyOf(names);
    }
    Set<String> merged = new TreeSet<>(PythonText.BY_CODE_POINT);
    merged.addAll(names);
    matchHeaders.forEach(name -> merged.add(PythonText.lower(name)));
    return List.copyOf(merged);
  }

  /**
   * A URL as the requests library prepares it: host in ASCII, dot segments resolved, escapes where
   * they are needed. A URL that requests refuses is returned as it is.
   */
  public static String prepareUrl(String url) {
    return PreparedUrl.of(PythonText.wellFormed(url));
  }

  /**
   * A URL with its parameters sorted and the values of ignored ones replaced by {@code REDACTED}:
   * this is what requests-cache stores as the URL of a response.
   */
  public String filterUrl(String url) {
    SplitUrl split = SplitUrl.parse(PythonText.wellFormed(url)).withoutEmptyParameters();
    return split.withQuery(NormalParameters.of(split.query(), ignoredParameters)).toString();
  }

  /** A URL as it goes into the key: filtered and then normalised. */
  public String normalizeUrl(String url) {
    return UrlNormalizer.normalize(filterUrl(url));
  }

  /**
   * A body as it goes into the key: JSON and forms sorted, with the values of ignored members
   * replaced by {@code REDACTED}; anything else as it is. This is also what requests-cache stores.
   *
   * @return possibly the same array
   */
  public byte[] normalizeBody(Headers headers, byte[] body) {
    return normalizeBody(new NormalHeaders(joined(headers), ignoredParameters), body);
  }

  private byte[] normalizeBody(NormalHeaders headers, byte[] body) {
    String contentType = headers.value("Content-Type").orElse("");
    return body.length == 0
        ? body
        : NormalBody.of(body, contentType, ignoredParameters, contentRootKey);
  }

  private static Map<String, String> joined(Headers headers) {
    Map<String, String> joined = new LinkedHashMap<>();
    headers.toMap().forEach((name, values) -> joined.put(name, String.join(", ", values)));
    return joined;
  }

  private static String upper(String method) {
    return method.toUpperCase(Locale.ROOT);
  }

  private static void append(ByteArrayOutputStream target, String text) {
    target.writeBytes(PythonText.wellFormed(text).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(byte[] material) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(material);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Collects options. Not thread-safe; may be used again after {@link #build()}. */
  public static final class Builder {
    private Set<String> ignoredParameters = new LinkedHashSet<>(DEFAULT_IGNORED_PARAMETERS);
    private boolean matchAllHeaders;
    private String contentRootKey = "";
    private boolean verify = true;
    private String serializerText = DYNAMODB_SERIALIZER;
    private boolean fips;

    private Builder() {}

    /**
     * Names whose values do not take part: of query parameters and form fields (decoded), of
     * members of a JSON object at its top level, of request fields; in this spelling. In a JSON
     * array, elements equal to one are left out. Replaces the default list; empty for none.
     */
    public Builder ignoredParameters(Collection<String> names) {
      ignoredParameters = new LinkedHashSet<>(names);
      return this;
    }

    /**
     * Whether all request fields take part, whatever names {@code create} is given ({@code
     * match_headers=True}). Python matches those of the prepared request, {@code Content-Length}
     * and {@code User-Agent} among them: a request has the same key only with the same fields.
     */
    public Builder matchAllHeaders(boolean all) {
      matchAllHeaders = all;
      return this;
    }

    /**
     * The member of a JSON body to sort and redact instead of the body itself, where there is one
     * of this name ({@code content_root_key}); empty for none.
     */
    public Builder contentRootKey(String name) {
      contentRootKey = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Whether the Python side verifies certificates: part of the key; a CA path counts as true. */
    public Builder verify(boolean verified) {
      verify = verified;
      return this;
    }

    /**
     * The serializer's text: {@code SerializerPipeline(name=json, n_stages=2)} for {@code
     * serializer='json'}, with {@code pickle} in its place for that.
     */
    public Builder serializerText(String text) {
      serializerText = Objects.requireNonNull(text, "text");
      return this;
    }

    /**
     * Whether the Python side runs without BLAKE2b, as under FIPS: it uses SHA-256 then, and keys
     * have 64 digits.
     */
    public Builder fips(boolean withoutBlake2b) {
      fips = withoutBlake2b;
      return this;
    }

    /** The key function. */
    public RequestsCacheKeys build() {
      return new RequestsCacheKeys(this);
    }
  }
}
