package dev.larder.requestscache;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Brings the parameters of a query or a form body into one order and spelling. */
final class NormalParameters {
  /** What stands for a value that must not take part in a key. */
  static final String REDACTED = "REDACTED";

  private NormalParameters() {}

  /**
   * Parameters with a value first: those with an empty one dropped, sorted by decoded name and
   * value, encoded anew. Then the pieces without an equals sign, sorted, as they were.
   *
   * @param ignored decoded names whose values are redacted
   */
  static String of(String parameters, Set<String> ignored) {
    List<Pair> pairs = new ArrayList<>();
    List<String> bare = new ArrayList<>();
    for (String piece : parameters.split("&", -1)) {
      int equals = piece.indexOf('=');
      if (equals < 0) {
        bare.add(piece);
      } else if (equals < piece.length() - 1) {
        pairs.add(
            new Pair(
                PercentCoding.unquotePlus(piece.substring(0, equals)),
                PercentCoding.unquotePlus(piece.substring(equals + 1))));
      }
    }
    bare.removeIf(String::isEmpty);
    bare.sort(PythonText.BY_CODE_POINT);
    pairs.sort(Pair.ORDER);
    List<String> pieces = new ArrayList<>(pairs.size() + bare.size());
    for (Pair pair : pairs) {
      String value = ignored.contains(pair.name) ? REDACTED : pair.value;
      pieces.add(PercentCoding.quotePlus(pair.name) + '=' + PercentCoding.quotePlus(value));
    }
    pieces.addAll(bare);
    return String.join("&", pieces);
  }

  private record Pair(String name, String value) {
    static final Comparator<Pair> ORDER =
        Comparator.comparing(Pair::name, PythonText.BY_CODE_POINT)
            .thenComparing(Pair::value, PythonText.BY_CODE_POINT);
  }
}
