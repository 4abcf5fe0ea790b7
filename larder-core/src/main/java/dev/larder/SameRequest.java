package dev.larder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.larder.http.Request;
import dev.larder.key.UriNormalizer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.IDN;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is the one that was stored, as far as storing left it recognisable: secrets are
 * replaced, and other programs sort parameters and JSON, drop parameters without a value and escape
 * in another way. What differs in meaning to an origin is kept apart: {@code %2F} and {@code /} in
 * a path, {@code +} and {@code %2B} in a parameter.
 */
final class SameRequest implements BiPredicate<Request, Request> {
  private static final Pattern HOST =
      Pattern.compile("(://(?:[^/?#@]*@)?)([^/?#@:]*[^\\x00-\\x7F][^/?#@:]*)");
  private static final int MAX_NUMBER = 1000;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(200)
                  .maxNumberLength(MAX_NUMBER)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Redactor redactor;

  SameRequest(Redactor redactor) {
    this.redactor = redactor;
  }

  @Override
  public boolean test(Request asked, Request stored) {
    if (!asked.method().equals(stored.method())
        || !MethodOverride.fieldsOf(asked).equals(MethodOverride.fieldsOf(stored))) {
      return false;
    }
    Request one = redactor.redact(asked);
    Request other = redactor.redact(stored);
    return sameUrl(normalUrl(one.uri()), normalUrl(other.uri())) && sameBody(one, other);
  }

  /** The URL in ASCII and normalised; its parameters in their order. */
  static String normalUrl(URI uri) {
    Matcher host = HOST.matcher(uri.toString());
    String text = host.find() ? host.replaceFirst(SameRequest::asciiHost) : uri.toString();
    return UriNormalizer.normalize(URI.create(URI.create(text).toASCIIString()));
  }

  private static String asciiHost(MatchResult found) {
    String host = found.group(2);
    try {
      host = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      // No domain name: it stays what it is, and agrees only with itself.
    }
    return Matcher.quoteReplacement(found.group(1) + host);
  }

  private static boolean sameUrl(String one, String other) {
    int oneQuery = one.indexOf('?');
    int otherQuery = other.indexOf('?');
    String onePath = oneQuery < 0 ? one : one.substring(0, oneQuery);
    String otherPath = otherQuery < 0 ? other : other.substring(0, otherQuery);
    return onePath.equals(otherPath)
        && sameParameters(
            oneQuery < 0 ? "" : one.substring(oneQuery + 1),
            otherQuery < 0 ? "" : other.substring(otherQuery + 1));
  }

  private static boolean sameBody(Request one, Request other) {
    byte[] a = one.body().bytes();
    byte[] b = other.body().bytes();
    if (Arrays.equals(a, b)) {
      return true;
    }
    String type = one.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (type.startsWith("application/x-www-form-urlencoded")) {
      return sameParameters(
          new String(a, StandardCharsets.UTF_8), new String(b, StandardCharsets.UTF_8));
    }
    return type.contains("json")
        && json(a).filter(tree -> json(b).equals(Optional.of(tree))).isPresent();
  }

  /**
   * Whether parameters are the same in any order. Those that have a name but no value count if
   * there are such in what was stored: then nobody has dropped them there.
   */
  private static boolean sameParameters(String asked, String stored) {
    List<List<String>> kept = parameters(stored);
    List<List<String>> wanted = parameters(asked);
    return kept.stream().noneMatch(SameRequest::isBlank)
        ? wanted.stream().filter(parameter -> !isBlank(parameter)).toList().equals(kept)
        : wanted.equals(kept);
  }

  private static boolean isBlank(List<String> parameter) {
    return parameter.size() > 1 && parameter.get(1).isEmpty();
  }

  /** Parameters decoded and sorted. */
  private static List<List<String>> parameters(String text) {
    return Stream.of(text.split("&"))
        .filter(piece -> !piece.isEmpty())
        .map(SameRequest::parameter)
        .sorted((a, b) -> String.join("\0", a).compareTo(String.join("\0", b)))
        .toList();
  }

  private static List<String> parameter(String piece) {
    int equals = piece.indexOf('=');
    return equals < 0
        ? List.of(piece)
        : List.of(decoded(piece.substring(0, equals)), decoded(piece.substring(equals + 1)));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // An incomplete escape: the text is what it looks like.
      return text;
    }
  }

  /** What a JSON text means: members without order, and a list at the top without order too. */
  private static Optional<Object> json(byte[] text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      Object tree = value(parser);
      if (parser.nextToken() != null) {
        return Optional.empty();
      }
      return Optional.of(tree instanceof List<?> list ? counted(list) : tree);
    } catch (IOException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static Map<Object, Integer> counted(List<?> list) {
    Map<Object, Integer> counts = new HashMap<>();
    list.forEach(element -> counts.merge(element, 1, Integer::sum));
    return counts;
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Object> members = new HashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, value(parser));
      }
      return members;
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(parser));
      }
      return elements;
    }
    if (token != null && token.isNumeric()) {
      return new BigDecimal(parser.getText()).stripTrailingZeros();
    }
    // Names of constants in place of null, true and false, which a string cannot equal.
    return token == JsonToken.VALUE_STRING ? parser.getText() : literal(token);
  }

  private static Object literal(@Nullable JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("no value");
    }
    return token;
  }
}
