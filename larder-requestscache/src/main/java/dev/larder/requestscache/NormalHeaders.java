package dev.larder.requestscache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Request fields after requests-cache's normalisation, by name in lower case. */
final class NormalHeaders {
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Redacts and normalises.
   *
   * @param fields one value for each name, names as spelled
   * @param ignored names, as spelled, whose values are redacted
   */
  NormalHeaders(Map<String, String> fields, Set<String> ignored) {
    Map<String, String> bySpelling = new TreeMap<>(PythonText.BY_CODE_POINT);
    bySpelling.putAll(fields);
    bySpelling.forEach(
        (name, value) ->
            values.put(
                PythonText.lower(name),
                normal(ignored.contains(name) ? NormalParameters.REDACTED : value)));
  }

  /** The value of a field, found without regard to case. */
  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(PythonText.lower(name)));
  }

  /** Lines {@code name=value} of those of the given fields that are there, in order of name. */
  List<String> matched(Collection<String> names) {
    List<String> sorted = new ArrayList<>(names.size());
    names.forEach(name -> sorted.add(PythonText.lower(name)));
    sorted.sort(PythonText.BY_CODE_POINT);
    List<String> lines = new ArrayList<>();
    for (String name : sorted) {
      value(name).ifPresent(value -> lines.add(name + '=' + value));
    }
    return lines;
  }

  /** Lines of all fields. */
  List<String> all() {
    return matched(values.keySet());
  }

  /** A value with a comma is taken for a list whose order and case mean nothing. */
  private static String normal(String value) {
    if (value.indexOf(',') < 0) {
      return value;
    }
    List<String> elements = new ArrayList<>();
    for (String element : PythonText.lower(value).split(",", -1)) {
      String stripped = PythonText.strip(element);
      if (!stripped.isEmpty()) {
        elements.add(stripped);
      }
    }
    elements.sort(PythonText.BY_CODE_POINT);
    return String.join(", ", elements);
  }
}
