package dev.larder.requestscache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;

/** The vectors that the real library made. */
@NullUnmarked
final class KeyVectors {
  private KeyVectors() {}

  /** One request, the settings, and what requests-cache makes of them. */
  record Vector(Map<?, ?> json) {
    String id() {
      return text(json, "id");
    }

    String userUrl() {
      return text(json, "user_url");
    }

    String method() {
      return text(request(), "method");
    }

    String url() {
      return text(request(), "url");
    }

    Map<String, String> headers() {
      Map<String, String> headers = new LinkedHashMap<>();
      for (Object header : (List<?>) request().get("headers")) {
        List<?> pair = (List<?>) header;
        headers.put((String) pair.get(0), (String) pair.get(1));
      }
      return headers;
    }

    byte[] body() {
      Object body = request().get("body_base64");
      return body == null ? new byte[0] : Base64.getDecoder().decode((String) body);
    }

    List<String> matchHeaders() {
      return settings().get("match_headers") instanceof List<?> names ? strings(names) : List.of();
    }

    String normalizedUrl() {
      return text((Map<?, ?>) json.get("normalized"), "url");
    }

    byte[] hashed() {
      return Base64.getDecoder().decode(text(json, "hashed_base64"));
    }

    String key() {
      return text(json, "key");
    }

    RequestsCacheKeys keys() {
      Object ignored = settings().get("ignored_parameters");
      Object rootKey = settings().get("content_root_key");
      return RequestsCacheKeys.builder()
          .ignoredParameters(ignored == null ? List.of() : strings((List<?>) ignored))
          .contentRootKey(rootKey == null ? "" : (String) rootKey)
          .matchAllHeaders(Boolean.TRUE.equals(settings().get("match_headers")))
          .verify(!Boolean.FALSE.equals(settings().get("verify")))
          .build();
    }

    private Map<?, ?> request() {
      return (Map<?, ?>) json.get("request");
    }

    private Map<?, ?> settings() {
      return (Map<?, ?>) json.get("settings");
    }

    @Override
    public String toString() {
      return id();
    }
  }

  static List<Vector> all() {
    List<Vector> vectors = new ArrayList<>();
    for (Object vector : (List<?>) file().get("vectors")) {
      vectors.add(new Vector((Map<?, ?>) vector));
    }
    return vectors;
  }

  /** The whole file. */
  static Map<?, ?> file() {
    return (Map<?, ?>) Objects.requireNonNull(read("keys.json"));
  }

  /** A JSON resource as maps, lists, strings, booleans, numbers and nulls. */
  static Object read(String resource) {
    try (InputStream in = KeyVectors.class.getResourceAsStream(resource);
        JsonParser parser = new JsonFactory().createParser(in)) {
      parser.nextToken();
      return value(parser);
    } catch (IOException e) {
      throw new AssertionError(resource, e);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NULL -> null;
      default -> parser.getNumberValue();
    };
  }

  private static String text(Map<?, ?> map, String name) {
    return (String) map.get(name);
  }

  private static List<String> strings(List<?> list) {
    return list.stream().map(String.class::cast).toList();
  }
}
