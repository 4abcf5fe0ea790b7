package dev.larder.requestscache;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Doubles as Python's {@code json.dumps} writes them: the fewest digits that read back to the same
 * value, and of several such the nearest to it.
 */
final class PythonFloat {
  /** A decimal of this many digits stands for one double only: if it reads back, it is the one. */
  private static final int UNIQUE_DIGITS = 15;

  private static final int SUFFICIENT_DIGITS = 17;

  private PythonFloat() {}

  /**
   * {@code repr(value)}, but {@code NaN}, {@code Infinity} and {@code -Infinity} by JSON's names.
   */
  static String repr(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(Math.abs(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    // The value is 0.digits times ten to the power of point.
    int point = digits.length() - shortest.scale();
    StringBuilder text = new StringBuilder(value < 0 ? "-" : "");
    if (point > 16 || point < -3) {
      return text.append(exponential(digits, point - 1)).toString();
    }
    if (point <= 0) {
      text.append("0.").append("0".repeat(-point)).append(digits);
    } else if (digits.length() <= point) {
      text.append(digits).append("0".repeat(point - digits.length())).append(".0");
    } else {
      text.append(digits, 0, point).append('.').append(digits, point, digits.length());
    }
    return text.toString();
  }

  private static String exponential(String digits, int exponent) {
    int magnitude = Math.abs(exponent);
    return digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (magnitude < 10 ? "0" : "")
        + magnitude;
  }

  /** Not Double.toString: before Java 19 it sometimes gives a digit too many. */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    // Below, there are fewer bits, and fewer digits may do.
    int digits = value < Double.MIN_NORMAL ? 1 : UNIQUE_DIGITS;
    for (; digits < SUFFICIENT_DIGITS; digits++) {
      BigDecimal candidate = nearest(exact, value, digits);
      if (candidate.doubleValue() == value) {
        return candidate;
      }
    }
    return exact.round(new MathContext(SUFFICIENT_DIGITS, RoundingMode.HALF_EVEN));
  }

  /**
   * The decimal nearest to the value that reads back to it, or some decimal that does not. Below a
   * power of two doubles are twice as dense as above: the nearest decimal, from below, may miss
   * where the next one, from above, does not.
   */
  private static BigDecimal nearest(BigDecimal exact, double value, int digits) {
    BigDecimal near = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    return near.doubleValue() == value
        ? near
        : exact.round(new MathContext(digits, RoundingMode.UP));
  }
}
