package dev.larder.requestscache;

import dev.larder.requestscache.PythonJson.JsonArray;
import dev.larder.requestscache.PythonJson.JsonObject;
import dev.larder.requestscache.PythonJson.JsonString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Request bodies after requests-cache's normalisation, by media type. */
final class NormalBody {
  private static final int JSON_LOWER_LIMIT = 2;
  private static final int JSON_UPPER_LIMIT = 10 * 1024 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private NormalBody() {}

  /**
   * The normalised body. What cannot be normalised stays as it is; so does a form that is not
   * UTF-8, for which requests-cache makes no key.
   *
   * @param contentType the field's value, or nothing
   * @param ignored names whose values are redacted
   * @param rootKey the member of a JSON object to normalise instead of the whole, or nothing
   */
  static byte[] of(byte[] body, String contentType, Set<String> ignored, String rootKey) {
    int semicolon = contentType.indexOf(';');
    String mediaType =
        PythonText.lower(semicolon < 0 ? contentType : contentType.substring(0, semicolon));
    try {
      if (mediaType.startsWith("application/") && mediaType.contains("json")) {
        return body.length <= JSON_LOWER_LIMIT || body.length > JSON_UPPER_LIMIT
            ? body
            : json(body, ignored, rootKey).getBytes(StandardCharsets.US_ASCII);
      }
      return mediaType.equals(FORM)
          ? NormalParameters.of(decode(body), ignored).getBytes(StandardCharsets.UTF_8)
          : body;
    } catch (NoKeyException cannotBeNormalised) {
      return body;
    }
  }

  private static String json(byte[] body, Set<String> ignored, String rootKey)
      throws NoKeyException {
    PythonJson root = PythonJsonReader.read(decode(body));
    PythonJson inner =
        root instanceof JsonObject object && !rootKey.isEmpty()
            ? object.members().get(rootKey)
            : null;
    if (root instanceof JsonObject object && inner != null) {
      Map<String, PythonJson> members = new LinkedHashMap<>(object.members());
      members.put(rootKey, sorted(inner, ignored));
      return PythonJsonWriter.write(new JsonObject(members));
    }
    return PythonJsonWriter.write(sorted(root, ignored));
  }

  private static PythonJson sorted(PythonJson value, Set<String> ignored) throws NoKeyException {
    if (value instanceof JsonObject object) {
      Map<String, PythonJson> members = new TreeMap<>(PythonText.BY_CODE_POINT);
      members.putAll(object.members());
      members.replaceAll(
          (name, member) ->
              ignored.contains(name) ? new JsonString(NormalParameters.REDACTED) : member);
      return new JsonObject(members);
    }
    List<PythonJson> elements = sortedElements(value);
    if (!ignored.isEmpty()) {
      for (PythonJson element : elements) {
        if (element instanceof JsonObject || element instanceof JsonArray) {
          throw new NoKeyException("not hashable in Python, so not found among the ignored names");
        }
      }
      elements.removeIf(
          element -> element instanceof JsonString name && ignored.contains(name.text()));
    }
    return new JsonArray(elements);
  }

  /** What Python iterates over, sorted: of a string, its characters. */
  private static List<PythonJson> sortedElements(PythonJson value) throws NoKeyException {
    if (value instanceof JsonArray array) {
      return PythonSort.sorted(array.elements());
    }
    if (value instanceof JsonString string) {
      List<PythonJson> characters = new ArrayList<>();
      string
          .text()
          .codePoints()
          .sorted()
          .forEach(c -> characters.add(new JsonString(Character.toString(c))));
      return characters;
    }
    throw new NoKeyException("neither object nor array nor string");
  }

  /** Strictly, and keeping a byte order mark, which then is no JSON. */
  private static String decode(byte[] utf8) throws NoKeyException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new NoKeyException("not UTF-8");
    }
  }
}
