package dev.larder.requestscache;

import dev.larder.requestscache.PythonJson.JsonArray;
import dev.larder.requestscache.PythonJson.JsonBoolean;
import dev.larder.requestscache.PythonJson.JsonFloat;
import dev.larder.requestscache.PythonJson.JsonInteger;
import dev.larder.requestscache.PythonJson.JsonNull;
import dev.larder.requestscache.PythonJson.JsonObject;
import dev.larder.requestscache.PythonJson.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as Python's {@code json.loads} does: {@code NaN}, {@code Infinity} and {@code
 * -Infinity} are numbers, escapes may make lone surrogates, the last of equal names wins at the
 * place of the first, raw control characters in strings are errors.
 */
final class PythonJsonReader {
  /**
   * Levels of nesting. About here, depending on how deep its caller's stack is, Python raises an
   * error that requests-cache does not catch: no request has a key with a deeper body.
   */
  static final int DEPTH_LIMIT = 1000;

  /** Digits of an integer, beyond which Python refuses to convert it. */
  static final int DIGIT_LIMIT = 4300;

  private final String text;
  private final Deque<Container> open = new ArrayDeque<>();
  private int index;

  private PythonJsonReader(String text) {
    this.text = text;
  }

  /** An array or object whose end has not been read. */
  private static final class Container {
    final boolean isObject;
    final List<PythonJson> elements = new ArrayList<>();
    final Map<String, PythonJson> members = new LinkedHashMap<>();
    String name = "";

    Container(boolean isObject) {
      this.isObject = isObject;
    }

    void add(PythonJson value) {
      if (isObject) {
        members.put(name, value);
      } else {
        elements.add(value);
      }
    }

    PythonJson value() {
      return isObject ? new JsonObject(members) : new JsonArray(elements);
    }
  }

  /**
   * {@code json.loads(text)}. Takes no more stack for deep nesting than for none.
   *
   * @throws NoKeyException if this is not JSON to Python, or too deep
   */
  static PythonJson read(String text) throws NoKeyException {
    PythonJsonReader reader = new PythonJsonReader(text);
    PythonJson value = reader.value();
    reader.skipSpace();
    if (reader.index < text.length()) {
      throw reader.invalid();
    }
    return value;
  }

  private PythonJson value() throws NoKeyException {
    while (true) {
      skipSpace();
      PythonJson value = scalarOrEmpty();
      while (value != null) {
        Container container = open.peek();
        if (container == null) {
          return value;
        }
        container.add(value);
        value = separatorOrEnd(container);
      }
    }
  }

  /** A value that is complete by now, or null after the beginning of one that is not. */
  private @Nullable PythonJson scalarOrEmpty() throws NoKeyException {
    if (accept('"')) {
      return new JsonString(string());
    }
    boolean isObject = accept('{');
    if (!isObject && !accept('[')) {
      char c = index < text.length() ? text.charAt(index) : 0;
      boolean number = isDigit(c) || (c == '-' && !text.startsWith("-I", index));
      return number ? number() : literal();
    }
    Container container = new Container(isObject);
    skipSpace();
    if (accept(isObject ? '}' : ']')) {
      return container.value();
    }
    open.push(container);
    if (open.size() > DEPTH_LIMIT) {
      throw new NoKeyException("nested too deep");
    }
    if (isObject) {
      name(container);
    }
    return null;
  }

  /** Null after a comma, or the container, which is complete. */
  private @Nullable PythonJson separatorOrEnd(Container container) throws NoKeyException {
    skipSpace();
    if (accept(',')) {
      if (container.isObject) {
        name(container);
      }
      return null;
    }
    expect(container.isObject ? '}' : ']');
    open.pop();
    return container.value();
  }

  /** The name of the next member, and the colon. */
  private void name(Container object) throws NoKeyException {
    skipSpace();
    expect('"');
    object.name = string();
    skipSpace();
    expect(':');
  }

  private PythonJson literal() throws NoKeyException {
    if (acceptWord("true")) {
      return new JsonBoolean(true);
    }
    if (acceptWord("false")) {
      return new JsonBoolean(false);
    }
    if (acceptWord("null")) {
      return new JsonNull();
    }
    if (acceptWord("NaN")) {
      return new JsonFloat(Double.NaN);
    }
    if (acceptWord("Infinity")) {
      return new JsonFloat(Double.POSITIVE_INFINITY);
    }
    if (acceptWord("-Infinity")) {
      return new JsonFloat(Double.NEGATIVE_INFINITY);
    }
    throw invalid();
  }

  /** As much as makes a number: of {@code 1.x} or {@code 01} that is the first digit only. */
  private PythonJson number() throws NoKeyException {
    int start = index;
    accept('-');
    int first = index;
    skipDigits();
    if (index == first) {
      throw invalid();
    }
    if (text.charAt(first) == '0') {
      index = first + 1;
    }
    int end = index;
    if (accept('.') && skipDigits() > 0) {
      end = index;
    }
    index = end;
    if (accept('e') || accept('E')) {
      if (!accept('+')) {
        accept('-');
      }
      if (skipDigits() > 0) {
        end = index;
      }
    }
    index = end;
    String number = text.substring(start, end);
    if (number.chars().allMatch(c -> c == '-' || isDigit((char) c))) {
      if (end - first > DIGIT_LIMIT) {
        throw new NoKeyException("integer too long");
      }
      return new JsonInteger(number.equals("-0") ? "0" : number);
    }
    return new JsonFloat(Double.parseDouble(number));
  }

  /** The rest of a string after its opening quotation mark. */
  private String string() throws NoKeyException {
    StringBuilder string = new StringBuilder();
    while (index < text.length()) {
      char c = text.charAt(index++);
      if (c == '"') {
        return string.toString();
      }
      if (c < ' ') {
        throw invalid();
      }
      string.append(c == '\\' ? escape() : c);
    }
    throw invalid();
  }

  private char escape() throws NoKeyException {
    if (index >= text.length()) {
      throw invalid();
    }
    char c = text.charAt(index++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw invalid();
    };
  }

  /** One UTF-16 unit. Two that are halves of one character become it by being neighbours. */
  private char unicode() throws NoKeyException {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = index < text.length() ? PercentCoding.hexDigit(text.charAt(index++)) : -1;
      if (digit < 0) {
        throw invalid();
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  private int skipDigits() {
    int start = index;
    while (index < text.length() && isDigit(text.charAt(index))) {
      index++;
    }
    return index - start;
  }

  private void skipSpace() {
    while (index < text.length() && " \t\n\r".indexOf(text.charAt(index)) >= 0) {
      index++;
    }
  }

  private boolean accept(char expected) {
    boolean there = index < text.length() && text.charAt(index) == expected;
    if (there) {
      index++;
    }
    return there;
  }

  private boolean acceptWord(String word) {
    boolean there = text.startsWith(word, index);
    if (there) {
      index += word.length();
    }
    return there;
  }

  private void expect(char expected) throws NoKeyException {
    if (!accept(expected)) {
      throw invalid();
    }
  }

  private NoKeyException invalid() {
    return new NoKeyException("invalid JSON at character " + index);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
