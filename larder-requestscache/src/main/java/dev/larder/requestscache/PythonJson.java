package dev.larder.requestscache;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A JSON value as Python has it after {@code json.loads}. */
sealed interface PythonJson {
  /** Names in the order in which they first appeared. */
  record JsonObject(Map<String, PythonJson> members) implements PythonJson {}

  /** An array. */
  record JsonArray(List<PythonJson> elements) implements PythonJson {}

  /** A string, perhaps with lone surrogates. */
  record JsonString(String text) implements PythonJson {}

  /** An integer of any size, as Python writes it: no leading zero, no {@code -0}. */
  record JsonInteger(String digits) implements PythonJson {
    private static final int LONG_DIGITS = 18;

    /** Whether the value fits into a {@code long} for certain. */
    boolean isSmall() {
      return digits.length() <= LONG_DIGITS;
    }
  }

  /** A number with a fraction or an exponent, or one of the three that JSON does not know. */
  record JsonFloat(double value) implements PythonJson {}

  /** {@code true} or {@code false}. */
  record JsonBoolean(boolean value) implements PythonJson {}

  /** {@code null}. */
  record JsonNull() implements PythonJson {}

  /** Whether this is a number to Python, where booleans are. */
  default boolean isNumber() {
    return this instanceof JsonInteger || this instanceof JsonFloat || this instanceof JsonBoolean;
  }

  /** The value of a finite number. */
  private static BigDecimal exact(PythonJson number) {
    if (number instanceof JsonInteger integer) {
      return new BigDecimal(integer.digits);
    }
    return number instanceof JsonFloat real
        ? new BigDecimal(real.value)
        : BigDecimal.valueOf(((JsonBoolean) number).value ? 1 : 0);
  }

  /** Whether this number has an order. */
  static boolean isNotNaN(PythonJson number) {
    return !(number instanceof JsonFloat real && Double.isNaN(real.value));
  }

  /**
   * Less than, equal to or greater than zero as the first number is to the second. Neither may be
   * NaN. Integers and floats compare exactly, as in Python.
   */
  static int compareNumbers(PythonJson left, PythonJson right) {
    if (left instanceof JsonInteger l
        && right instanceof JsonInteger r
        && l.isSmall()
        && r.isSmall()) {
      return Long.compare(Long.parseLong(l.digits), Long.parseLong(r.digits));
    }
    double l = left instanceof JsonFloat real ? real.value : 0;
    double r = right instanceof JsonFloat real ? real.value : 0;
    boolean floats = left instanceof JsonFloat && right instanceof JsonFloat;
    if (floats || Double.isInfinite(l) || Double.isInfinite(r)) {
      return l < r ? -1 : l > r ? 1 : 0;
    }
    return exact(left).compareTo(exact(right));
  }
}
