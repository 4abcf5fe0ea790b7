package dev.larder.dynamodb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The vectors made with the real requests-cache, and JSON as a tree of attribute values. */
final class RequestsCacheVectors {
  private RequestsCacheVectors() {}

  /** One of the lists in a file of vectors, each with an {@code id}. */
  static List<Node> load(String file, String list) {
    try (InputStream in = RequestsCacheVectors.class.getResourceAsStream(file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return new Node(PythonJson.parse(text)).at(list).elements();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JSON value. */
  record Node(AttributeValue value) {
    Node at(String name) {
      return find(name).orElseThrow(() -> new AssertionError("no " + name));
    }

    /** A member that is there and not null. */
    Optional<Node> find(String name) {
      return Optional.ofNullable(value.m().get(name))
          .filter(member -> !RequestsCacheReader.isNull(member))
          .map(Node::new);
    }

    List<Node> elements() {
      return value.l().stream().map(Node::new).toList();
    }

    Map<String, Node> members() {
      Map<String, Node> members = new LinkedHashMap<>();
      value.m().forEach((name, member) -> members.put(name, new Node(member)));
      return members;
    }

    String text() {
      return Objects.requireNonNull(value.s());
    }

    int number() {
      return Integer.parseInt(value.n());
    }

    boolean bool() {
      return value.bool();
    }

    byte[] base64() {
      return Base64.getDecoder().decode(text());
    }

    /** An item in the form of the low-level API. */
    Map<String, AttributeValue> item() {
      return members().entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().attribute()));
    }

    AttributeValue attribute() {
      Map.Entry<String, Node> only = members().entrySet().iterator().next();
      Node inner = only.getValue();
      return switch (only.getKey()) {
        case "S" -> AttributeValue.fromS(inner.text());
        case "N" -> AttributeValue.fromN(inner.text());
        case "B" -> AttributeValue.fromB(SdkBytes.fromByteArray(inner.base64()));
        case "BOOL" -> AttributeValue.fromBool(inner.bool());
        case "NULL" -> AttributeValue.fromNul(true);
        case "L" -> AttributeValue.fromL(inner.elements().stream().map(Node::attribute).toList());
        case "M" -> {
          Map<String, AttributeValue> members = new LinkedHashMap<>();
          inner.members().forEach((name, member) -> members.put(name, member.attribute()));
          yield AttributeValue.fromM(members);
        }
        default -> throw new AssertionError(only.getKey());
      };
    }
  }
}
