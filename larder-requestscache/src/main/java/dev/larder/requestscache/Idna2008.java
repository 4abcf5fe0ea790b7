package dev.larder.requestscache;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.UnicodeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Domain names as Python's package {@code idna} 3.13 encodes them: IDNA 2008 (RFC 5891), which
 * knows no upper case, underscore or emoji, after the mapping of UTS 46 if that is wanted.
 *
 * <p>The package takes classes, scripts, joining types and the mapping from its own tables, which
 * are of Unicode 17, and directions, combining classes and normal forms from Python 3.11, which
 * knows Unicode 14. So do we.
 */
final class Idna2008 {
  static final String ACE_PREFIX = "xn--";
  private static final int LABEL_LIMIT = 63;
  private static final int NAME_LIMIT = 253;

  private Idna2008() {}

  /** Apart, because reading ICU's data takes a while and most names are ASCII. */
  private static final class Unicode17 {
    /** Maps, and marks what it cannot map with U+FFFD. Does not touch deviations such as ß. */
    static final Normalizer2 UTS46 =
        Normalizer2.getInstance(null, "uts46", Normalizer2.Mode.COMPOSE);

    static final UnicodeSet MARKS = new UnicodeSet("[:M:]").freeze();
  }

  /**
   * {@code idna.encode(name, uts46=True)}.
   *
   * @throws NoKeyException if the name is not valid
   */
  static String encodeMapped(String name) throws NoKeyException {
    if (PythonText.isAscii(name)) {
      return encodeStrictly(name.toLowerCase(Locale.ROOT));
    }
    StringBuilder mapped = new StringBuilder(name.length());
    for (int c : name.codePoints().toArray()) {
      // Each by itself: what Unicode 17 would compose across characters, Python 3.11 does not.
      String replacement = Unicode17.UTS46.normalize(Character.toString(c));
      if (replacement.indexOf('\uFFFD') >= 0) {
        throw new NoKeyException("not mapped by UTS 46");
      }
      mapped.append(replacement);
    }
    return encodeLabels(PythonText.nfc(mapped.toString()).split("[.\u3002\uFF0E\uFF61]", -1));
  }

  /**
   * {@code idna.encode(name, strict=True)}: nothing is mapped and only a full stop separates
   * labels.
   *
   * @throws NoKeyException if the name is not valid
   */
  static String encodeStrictly(String name) throws NoKeyException {
    return encodeLabels(name.split("\\.", -1));
  }

  private static String encodeLabels(String[] labels) throws NoKeyException {
    List<String> encoded = new ArrayList<>(labels.length);
    boolean trailingDot = labels[labels.length - 1].isEmpty();
    int count = trailingDot ? labels.length - 1 : labels.length;
    if (count == 0) {
      throw new NoKeyException("empty name");
    }
    for (int i = 0; i < count; i++) {
      encoded.add(encodeLabel(labels[i]));
    }
    String name = String.join(".", encoded) + (trailingDot ? "." : "");
    if (name.length() > (trailingDot ? NAME_LIMIT + 1 : NAME_LIMIT)) {
      throw new NoKeyException("name too long");
    }
    return name;
  }

  private static String encodeLabel(String label) throws NoKeyException {
    String encoded = label;
    if (PythonText.isAscii(label)) {
      checkAsciiLabel(label.toLowerCase(Locale.ROOT));
    } else {
      checkLabel(label);
      // Each character above ASCII makes a digit at least, so this one would be too long in the
      // end.
      if (label.length() > 2 * LABEL_LIMIT) {
        throw new NoKeyException("label too long");
      }
      encoded = ACE_PREFIX + Punycode.encode(label);
    }
    if (encoded.length() > LABEL_LIMIT) {
      throw new NoKeyException("label too long");
    }
    return encoded;
  }

  private static void checkAsciiLabel(String label) throws NoKeyException {
    if (!label.startsWith(ACE_PREFIX)) {
      checkLettersDigitsHyphens(label);
      return;
    }
    String punycode = label.substring(ACE_PREFIX.length());
    if (punycode.isEmpty() || punycode.endsWith("-")) {
      throw new NoKeyException("nothing after xn--");
    }
    // A label that is too long is refused anyway, and decoding it would take quadratic time.
    if (label.length() > LABEL_LIMIT) {
      throw new NoKeyException("label too long");
    }
    checkLabel(Punycode.decode(punycode));
  }

  /** {@link #checkLabel} for ASCII, where there is nothing to look up. */
  private static void checkLettersDigitsHyphens(String label) throws NoKeyException {
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (!PercentCoding.isAlphanumeric(c) && c != '-') {
        throw new NoKeyException("not allowed: U+" + Integer.toHexString(c));
      }
    }
    if (label.isEmpty() || hasBadHyphen(label.chars().toArray())) {
      throw new NoKeyException("empty label, or hyphen where none may be");
    }
  }

  private static boolean hasBadHyphen(int[] label) {
    return label[0] == '-'
        || label[label.length - 1] == '-'
        || (label.length > 3 && label[2] == '-' && label[3] == '-');
  }

  /** RFC 5891 §4.2. */
  private static void checkLabel(String label) throws NoKeyException {
    if (label.isEmpty()) {
      throw new NoKeyException("empty label");
    }
    int[] points = label.codePoints().toArray();
    if (hasBadHyphen(points)) {
      throw new NoKeyException("hyphen where none may be");
    }
    if (!PythonText.nfc(label).equals(label)) {
      throw new NoKeyException("not in normal form C");
    }
    if (Unicode17.MARKS.contains(points[0]) && PythonText.isKnown(points[0])) {
      throw new NoKeyException("begins with a combining mark");
    }
    for (int i = 0; i < points.length; i++) {
      boolean valid =
          switch (CodePointClass.of(points[i])) {
            case VALID -> true;
            case CONTEXT_J -> ContextRules.allowJoiner(points, i);
            case CONTEXT_O -> ContextRules.allowOther(points, i);
            case DISALLOWED -> false;
          };
      if (!valid) {
        throw new NoKeyException("not allowed: U+" + Integer.toHexString(points[i]));
      }
    }
    if (!BidiRule.allows(points)) {
      throw new NoKeyException("mixes directions");
    }
  }

  /** {@code unicodedata.combining(c)} of Python 3.11. */
  static int combiningClass(int c) {
    return PythonText.isKnown(c) ? UCharacter.getCombiningClass(c) : 0;
  }
}
