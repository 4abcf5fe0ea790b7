package dev.larder.requestscache;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacter.HangulSyllableType;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.UnicodeSet;

/**
 * What IDNA 2008 lets a label hold (RFC 5892), computed from ICU's Unicode 17 properties: the
 * tables of Python's {@code idna} 3.13 are of that version. A test compares a digest over all code
 * points.
 */
enum CodePointClass {
  /** May be in a label. */
  VALID,
  /** A joiner: depends on its neighbours (RFC 5892 appendix A.1 and A.2). */
  CONTEXT_J,
  /** Depends on the rest of the label (RFC 5892 appendix A.3 to A.9). */
  CONTEXT_O,
  /** May not. Unassigned code points too. */
  DISALLOWED;

  private static final Normalizer2 NFKC = Normalizer2.getNFKCInstance();

  /** RFC 5892 §2.6. */
  private static final UnicodeSet EXCEPTIONS_VALID =
      new UnicodeSet("[\\u00DF\\u03C2\\u06FD\\u06FE\\u0F0B\\u3007]").freeze();

  private static final UnicodeSet EXCEPTIONS_CONTEXT_O =
      new UnicodeSet("[\\u00B7\\u0375\\u05F3\\u05F4\\u30FB\\u0660-\\u0669\\u06F0-\\u06F9]")
          .freeze();

  private static final UnicodeSet EXCEPTIONS_DISALLOWED =
      new UnicodeSet("[\\u0640\\u07FA\\u302E\\u302F\\u3031-\\u3035\\u303B]").freeze();

  /** RFC 5892 §2.1. */
  private static final UnicodeSet LETTER_DIGITS =
      new UnicodeSet("[[:Ll:][:Lu:][:Lo:][:Nd:][:Lm:][:Mn:][:Mc:]]").freeze();

  /** RFC 5892 §2.3, §2.4. */
  private static final UnicodeSet IGNORABLE =
      new UnicodeSet(
              "[[:Default_Ignorable_Code_Point:][:White_Space:][:Noncharacter_Code_Point:]"
                  + "[:Block=Combining_Diacritical_Marks_For_Symbols:][:Block=Musical_Symbols:]"
                  + "[:Block=Ancient_Greek_Musical_Notation:]]")
          .freeze();

  /** RFC 5892 §3. */
  static CodePointClass of(int c) {
    if (EXCEPTIONS_VALID.contains(c)) {
      return VALID;
    }
    if (EXCEPTIONS_CONTEXT_O.contains(c)) {
      return CONTEXT_O;
    }
    if (EXCEPTIONS_DISALLOWED.contains(c)) {
      return DISALLOWED;
    }
    if (c < 0x80) {
      return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? VALID : DISALLOWED;
    }
    if (UCharacter.hasBinaryProperty(c, UProperty.JOIN_CONTROL)) {
      return CONTEXT_J;
    }
    if (!LETTER_DIGITS.contains(c) || IGNORABLE.contains(c) || isOldJamo(c) || isUnstable(c)) {
      return DISALLOWED;
    }
    return VALID;
  }

  /** RFC 5892 §2.2. */
  private static boolean isUnstable(int c) {
    String text = Character.toString(c);
    return !NFKC.normalize(UCharacter.foldCase(NFKC.normalize(text), true)).equals(text);
  }

  /** RFC 5892 §2.9. */
  private static boolean isOldJamo(int c) {
    return switch (UCharacter.getIntPropertyValue(c, UProperty.HANGUL_SYLLABLE_TYPE)) {
      case HangulSyllableType.LEADING_JAMO,
          HangulSyllableType.VOWEL_JAMO,
          HangulSyllableType.TRAILING_JAMO ->
          true;
      default -> false;
    };
  }
}
