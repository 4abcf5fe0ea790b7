package dev.larder.requestscache;

import com.ibm.icu.text.FilteredNormalizer2;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.StringPrep;
import com.ibm.icu.text.StringPrepParseException;
import com.ibm.icu.text.UnicodeSet;
import java.util.Arrays;

/**
 * Domain names as Python's codec {@code idna} encodes them: IDNA 2003 (RFC 3490) with unassigned
 * code points allowed and no rule about ASCII, so that underscores and emoji pass.
 *
 * <p>Nameprep (RFC 3491) is ICU's, applied to one character at a time: applied to a label, it would
 * judge the directions of today, while Python has those of Unicode 3.2. The platform's {@code
 * java.net.IDN} has the same flaw.
 */
final class Idna2003 {
  private static final int LABEL_LIMIT = 63;
  private static final StringPrep NAMEPREP = StringPrep.getInstance(StringPrep.RFC3491_NAMEPREP);

  /**
   * Form NFKC as Python has it for nameprep: characters decompose as in Unicode 3.2, but marks are
   * ordered and letters composed as in Unicode 14.
   */
  private static final Normalizer2 NFKD =
      new FilteredNormalizer2(
          Normalizer2.getInstance(null, "nfkc", Normalizer2.Mode.DECOMPOSE),
          new UnicodeSet("[:Age=3.2:]").freeze());

  private static final Normalizer2 NFC =
      new FilteredNormalizer2(
          Normalizer2.getNFCInstance(),
          new UnicodeSet("[[:Age=14.0:]-[[:^Age=3.2:]&[:NFC_Quick_Check=No:]]]").freeze());

  /** RFC 3454 table D.1. */
  private static final UnicodeSet RIGHT_TO_LEFT =
      new UnicodeSet("[[[:Bidi_Class=R:][:Bidi_Class=AL:]-[\\u070F]]&[:Age=3.2:]\\u06DD]").freeze();

  /** RFC 3454 table D.2. Some of what is left-to-right today was neutral then. */
  private static final UnicodeSet LEFT_TO_RIGHT =
      new UnicodeSet(
              "[[[:Bidi_Class=L:]-[\\u0CBF\\u0CC6\\u1734\\u2800-\\u28FF\\u302E\\u302F]]"
                  + "&[:Age=3.2:]\\u17B4\\u17B5\\u1885\\u1886]")
          .freeze();

  private static final String HEBREW_ALEF = "\u05D0";

  private Idna2003() {}

  /**
   * {@code name.encode('idna')}.
   *
   * @throws NoKeyException if a label is empty, too long or holds what it may not
   */
  static String encode(String name) throws NoKeyException {
    if (PythonText.isAscii(name)) {
      checkLengths(name.split("\\.", -1));
      return name;
    }
    String[] labels = name.split("[.\u3002\uFF0E\uFF61]", -1);
    boolean trailingDot = labels[labels.length - 1].isEmpty();
    int count = trailingDot ? labels.length - 1 : labels.length;
    String[] encoded = new String[count];
    for (int i = 0; i < count; i++) {
      encoded[i] = encodeLabel(labels[i]);
    }
    return String.join(".", encoded) + (trailingDot ? "." : "");
  }

  private static String encodeLabel(String label) throws NoKeyException {
    String encoded = PythonText.isAscii(label) ? label : nameprep(label);
    if (!PythonText.isAscii(encoded)) {
      if (encoded.startsWith(Idna2008.ACE_PREFIX) || encoded.length() > 2 * LABEL_LIMIT) {
        throw new NoKeyException("label has a prefix already or is too long");
      }
      encoded = Idna2008.ACE_PREFIX + Punycode.encode(encoded);
    }
    checkLengths(new String[] {encoded, ""});
    return encoded;
  }

  private static String nameprep(String label) throws NoKeyException {
    StringBuilder mapped = new StringBuilder(label.length());
    for (int c : label.codePoints().toArray()) {
      mapped.append(map(Character.toString(c)));
    }
    String prepared = NFC.normalize(NFKD.normalize(mapped));
    int[] points = prepared.codePoints().toArray();
    if (Arrays.stream(points).anyMatch(RIGHT_TO_LEFT::contains)
        && (Arrays.stream(points).anyMatch(LEFT_TO_RIGHT::contains)
            || !RIGHT_TO_LEFT.contains(points[0])
            || !RIGHT_TO_LEFT.contains(points[points.length - 1]))) {
      throw new NoKeyException("mixes directions");
    }
    return prepared;
  }

  private static String map(String character) throws NoKeyException {
    try {
      return NAMEPREP.prepare(character, StringPrep.ALLOW_UNASSIGNED);
    } catch (StringPrepParseException alone) {
      // Either prohibited, or a right-to-left letter that maps to letter and mark: by itself that
      // breaks the rule about directions, between two others it does not.
      try {
        String between =
            NAMEPREP.prepare(HEBREW_ALEF + character + HEBREW_ALEF, StringPrep.ALLOW_UNASSIGNED);
        return between.substring(1, between.length() - 1);
      } catch (StringPrepParseException prohibited) {
        throw new NoKeyException("prohibited by nameprep");
      }
    }
  }

  /** All labels but an empty last one have 1 to 63 characters. */
  private static void checkLengths(String[] labels) throws NoKeyException {
    for (int i = 0; i < labels.length; i++) {
      boolean last = i == labels.length - 1;
      if (labels[i].length() > LABEL_LIMIT || (labels[i].isEmpty() && !last)) {
        throw new NoKeyException("label empty or too long");
      }
    }
  }
}
