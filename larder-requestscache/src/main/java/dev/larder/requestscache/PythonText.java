package dev.larder.requestscache;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.FilteredNormalizer2;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.UnicodeSet;
import com.ibm.icu.text.UnicodeSet.SpanCondition;
import com.ibm.icu.util.ULocale;
import java.util.Comparator;
import java.util.Locale;

/**
 * What Python 3.11 does with text. It knows Unicode 14; ICU knows a later version, the platform one
 * that depends on its release. Characters that came after version 14 are unassigned to Python and
 * pass through unchanged here too, so that keys do not depend on the Java version either.
 */
final class PythonText {
  /** As {@code sorted} orders strings: by code point, where UTF-16 units would differ. */
  static final Comparator<String> BY_CODE_POINT = PythonText::compare;

  private PythonText() {}

  /** Apart, because reading ICU's data takes a while and most texts are ASCII. */
  private static final class Unicode14 {
    static final UnicodeSet KNOWN = new UnicodeSet("[:Age=14.0:]").freeze();
    static final Normalizer2 NFC = new FilteredNormalizer2(Normalizer2.getNFCInstance(), KNOWN);
  }

  /** Whether Unicode 14 has a character at this code point. */
  static boolean isKnown(int c) {
    return Unicode14.KNOWN.contains(c);
  }

  /** {@code unicodedata.normalize('NFC', text)}. */
  static String nfc(String text) {
    return isAscii(text) ? text : Unicode14.NFC.normalize(text);
  }

  /** {@code text.lower()}. */
  static String lower(String text) {
    if (isAscii(text)) {
      return text.toLowerCase(Locale.ROOT);
    }
    int known = Unicode14.KNOWN.span(text, SpanCondition.SIMPLE);
    if (known == text.length()) {
      return UCharacter.toLowerCase(ULocale.ROOT, text);
    }
    StringBuilder lower = new StringBuilder(text.length());
    int start = 0;
    while (start < text.length()) {
      // An unassigned character is neither cased nor ignorable, so that a final sigma before it is
      // one at the end of the piece too.
      lower.append(UCharacter.toLowerCase(ULocale.ROOT, text.substring(start, known)));
      int next = Unicode14.KNOWN.span(text, known, SpanCondition.NOT_CONTAINED);
      lower.append(text, known, next);
      start = next;
      known = Unicode14.KNOWN.span(text, start, SpanCondition.SIMPLE);
    }
    return lower.toString();
  }

  /** {@code text.strip()}. */
  static String strip(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return stripLeading(text.substring(0, end));
  }

  /** {@code text.lstrip()}. */
  static String stripLeading(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  /** {@code text.strip(characters)}, with characters of one UTF-16 unit. */
  static String strip(String text, String characters) {
    int start = 0;
    while (start < text.length() && characters.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    return stripTrailing(text.substring(start), characters);
  }

  /** {@code text.rstrip(characters)}, with characters of one UTF-16 unit. */
  static String stripTrailing(String text, String characters) {
    int end = text.length();
    while (end > 0 && characters.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  /** {@code text.lstrip(character)}. */
  static String stripLeading(String text, char character) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == character) {
      start++;
    }
    return text.substring(start);
  }

  /**
   * The text in ASCII digits if {@code int(text)} takes it and {@code text.isdigit()} is true, or
   * nothing.
   */
  static String decimal(String text) {
    StringBuilder digits = new StringBuilder(text.length());
    for (int c : text.codePoints().toArray()) {
      int digit = c < 0x80 ? Character.digit(c, 10) : isKnown(c) ? UCharacter.digit(c, 10) : -1;
      if (digit < 0) {
        return "";
      }
      digits.append(digit);
    }
    return digits.toString();
  }

  /** {@code text.isascii()}. */
  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /**
   * The text with U+FFFD for each lone surrogate. Python cannot encode those and raises, so such a
   * request has no key there and any that is always the same will do here.
   */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        StringBuilder formed = new StringBuilder(text.length());
        text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .forEach(formed::appendCodePoint);
        return formed.toString();
      }
    }
    return text;
  }

  /** {@code c.isspace()}: more than Java's white space, and more than Unicode's. */
  private static boolean isSpace(char c) {
    return (c >= 0x09 && c <= 0x0D)
        || (c >= 0x1C && c <= 0x20)
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  private static int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        boolean insidePair =
            i > 0
                && Character.isHighSurrogate(left.charAt(i - 1))
                && (Character.isLowSurrogate(l) || Character.isLowSurrogate(r));
        int start = insidePair ? i - 1 : i;
        return Integer.compare(left.codePointAt(start), right.codePointAt(start));
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
