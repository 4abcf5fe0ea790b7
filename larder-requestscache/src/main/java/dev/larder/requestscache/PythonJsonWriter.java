package dev.larder.requestscache;

import dev.larder.requestscache.PythonJson.JsonArray;
import dev.larder.requestscache.PythonJson.JsonBoolean;
import dev.larder.requestscache.PythonJson.JsonFloat;
import dev.larder.requestscache.PythonJson.JsonInteger;
import dev.larder.requestscache.PythonJson.JsonObject;
import dev.larder.requestscache.PythonJson.JsonString;
import java.util.Map;

/** Writes JSON as Python's {@code json.dumps} does by default: ASCII, with spaces, on one line. */
final class PythonJsonWriter {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder();

  private PythonJsonWriter() {}

  /** {@code json.dumps(value)}. */
  static String write(PythonJson value) {
    PythonJsonWriter writer = new PythonJsonWriter();
    writer.append(value);
    return writer.out.toString();
  }

  private void append(PythonJson value) {
    if (value instanceof JsonObject object) {
      String separator = "{";
      for (Map.Entry<String, PythonJson> member : object.members().entrySet()) {
        out.append(separator);
        appendString(member.getKey());
        out.append(": ");
        append(member.getValue());
        separator = ", ";
      }
      out.append(object.members().isEmpty() ? "{}" : "}");
    } else if (value instanceof JsonArray array) {
      String separator = "[";
      for (PythonJson element : array.elements()) {
        out.append(separator);
        append(element);
        separator = ", ";
      }
      out.append(array.elements().isEmpty() ? "[]" : "]");
    } else if (value instanceof JsonString string) {
      appendString(string.text());
    } else if (value instanceof JsonInteger integer) {
      out.append(integer.digits());
    } else if (value instanceof JsonFloat real) {
      out.append(PythonFloat.repr(real.value()));
    } else if (value instanceof JsonBoolean bool) {
      out.append(bool.value());
    } else {
      out.append("null");
    }
  }

  private void appendString(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c >= ' ' && c <= '~') {
            out.append(c);
          } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              out.append(HEX.charAt(c >> shift & 0xF));
            }
          }
        }
      }
    }
    out.append('"');
  }
}
