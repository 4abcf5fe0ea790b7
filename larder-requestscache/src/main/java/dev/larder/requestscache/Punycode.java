package dev.larder.requestscache;

import java.util.ArrayList;
import java.util.List;

/** Punycode (RFC 3492) of one label, without the prefix {@code xn--}. */
final class Punycode {
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 0x80;

  /** Far beyond Unicode for any label that fits into a name, and far from overflow. */
  private static final long LIMIT = 1L << 50;

  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private Punycode() {}

  /** RFC 3492 §6.3. Bounded by the label's length, which a caller has to look at first. */
  static String encode(String label) {
    int[] points = label.codePoints().toArray();
    StringBuilder encoded = new StringBuilder();
    label.codePoints().filter(c -> c < INITIAL_N).forEach(encoded::appendCodePoint);
    int basic = encoded.length();
    int handled = basic;
    if (basic > 0) {
      encoded.append('-');
    }
    int n = INITIAL_N;
    long delta = 0;
    int bias = INITIAL_BIAS;
    while (handled < points.length) {
      int next = Character.MAX_CODE_POINT;
      for (int point : points) {
        if (point >= n && point < next) {
          next = point;
        }
      }
      delta += (long) (next - n) * (handled + 1);
      n = next;
      for (int point : points) {
        if (point < n) {
          delta++;
        } else if (point == n) {
          appendNumber(encoded, delta, bias);
          bias = adapt(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      n++;
    }
    return encoded.toString();
  }

  /**
   * RFC 3492 §6.2.
   *
   * @param encoded ASCII
   * @throws NoKeyException if this is not Punycode
   */
  static String decode(String encoded) throws NoKeyException {
    int hyphen = encoded.lastIndexOf('-');
    List<Integer> points = new ArrayList<>();
    encoded.substring(0, Math.max(hyphen, 0)).chars().forEach(points::add);
    int n = INITIAL_N;
    long i = 0;
    int bias = INITIAL_BIAS;
    int index = hyphen + 1;
    while (index < encoded.length()) {
      long before = i;
      long weight = 1;
      for (int k = BASE; ; k += BASE) {
        int digit = index < encoded.length() ? digit(encoded.charAt(index++)) : -1;
        if (digit < 0) {
          throw new NoKeyException("no Punycode digit");
        }
        i += digit * weight;
        int t = threshold(k, bias);
        if (digit < t) {
          break;
        }
        weight *= BASE - t;
        if (weight > LIMIT || i > LIMIT) {
          throw new NoKeyException("Punycode number beyond Unicode");
        }
      }
      int length = points.size() + 1;
      bias = adapt(i - before, length, before == 0);
      if (n + i / length > Character.MAX_CODE_POINT) {
        throw new NoKeyException("Punycode number beyond Unicode");
      }
      n += (int) (i / length);
      i %= length;
      points.add((int) i, n);
      i++;
    }
    StringBuilder decoded = new StringBuilder();
    points.forEach(decoded::appendCodePoint);
    return decoded.toString();
  }

  private static void appendNumber(StringBuilder target, long number, int bias) {
    long q = number;
    for (int k = BASE; ; k += BASE) {
      int t = threshold(k, bias);
      if (q < t) {
        break;
      }
      target.append(DIGITS.charAt((int) (t + (q - t) % (BASE - t))));
      q = (q - t) / (BASE - t);
    }
    target.append(DIGITS.charAt((int) q));
  }

  private static int digit(char c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' : DIGITS.indexOf(c);
  }

  private static int threshold(int k, int bias) {
    return Math.min(Math.max(k - bias, T_MIN), T_MAX);
  }

  private static int adapt(long delta, int points, boolean first) {
    long d = first ? delta / DAMP : delta / 2;
    d += d / points;
    int k = 0;
    while (d > (BASE - T_MIN) * T_MAX / 2) {
      d /= BASE - T_MIN;
      k += BASE;
    }
    return k + (int) ((BASE - T_MIN + 1) * d / (d + SKEW));
  }
}
