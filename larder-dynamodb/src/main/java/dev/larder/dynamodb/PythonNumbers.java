package dev.larder.dynamodb;

import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * DynamoDB's numbers as Python's JSON writes what they were. requests-cache stores an integer as
 * its digits, and a float as the decimal of its shortest text, so a number without point and
 * exponent was an integer and the digits of any other are those of a float's {@code repr}: no
 * conversion to binary is needed, and none can lose a digit.
 */
final class PythonNumbers {
  private static final Pattern INTEGER = Pattern.compile("-?\\d+");
  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  /** Python writes exponents from here on. */
  private static final int MAX_FIXED = 16;

  private static final int MIN_FIXED = -4;

  private PythonNumbers() {}

  /**
   * The JSON text of a number.
   *
   * @throws NumberFormatException if it is none
   */
  static String json(String number) {
    if (INTEGER.matcher(number).matches() || NOT_FINITE.contains(number)) {
      return number;
    }
    BigDecimal value = new BigDecimal(number);
    String sign = number.startsWith("-") ? "-" : "";
    if (value.signum() == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = value.abs().stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    return sign + layOut(digits, digits.length() - shortest.scale());
  }

  /** Digits with the point behind so many of them, as {@code repr} lays them out. */
  private static String layOut(String digits, int point) {
    if (point <= MIN_FIXED || point > MAX_FIXED) {
      int exponent = point - 1;
      String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
      String size = Integer.toString(Math.abs(exponent));
      return digits.charAt(0)
          + rest
          + (exponent < 0 ? "e-" : "e+")
          + (size.length() < 2 ? "0" : "")
          + size;
    }
    if (point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    return point >= digits.length()
        ? digits + "0".repeat(point - digits.length()) + ".0"
        : digits.substring(0, point) + '.' + digits.substring(point);
  }
}
