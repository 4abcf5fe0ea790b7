package dev.larder.requestscache;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacter.JoiningType;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** The contextual rules of IDNA 2008 (RFC 5892 appendix A). */
final class ContextRules {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int VIRAMA = 9;

  private ContextRules() {}

  /** Appendix A.1 and A.2. */
  static boolean allowJoiner(int[] label, int index) {
    if (index > 0 && Idna2008.combiningClass(label[index - 1]) == VIRAMA) {
      return true;
    }
    return label[index] == ZERO_WIDTH_NON_JOINER
        && joins(label, index, -1, JoiningType.LEFT_JOINING)
        && joins(label, index, 1, JoiningType.RIGHT_JOINING);
  }

  /** Appendix A.3 to A.9. */
  static boolean allowOther(int[] label, int index) {
    int c = label[index];
    if (c >= 0x660 && c <= 0x669) {
      return none(label, other -> other >= 0x6F0 && other <= 0x6F9);
    }
    if (c >= 0x6F0 && c <= 0x6F9) {
      return none(label, other -> other >= 0x660 && other <= 0x669);
    }
    return switch (c) {
      case 0xB7 ->
          index > 0
              && index < label.length - 1
              && label[index - 1] == 'l'
              && label[index + 1] == 'l';
      case 0x375 ->
          index < label.length - 1 && UScript.getScript(label[index + 1]) == UScript.GREEK;
      case 0x5F3, 0x5F4 -> index > 0 && UScript.getScript(label[index - 1]) == UScript.HEBREW;
      case 0x30FB -> !none(label, ContextRules::isJapanese);
      default -> false;
    };
  }

  /** Whether the next letter in this direction, marks left aside, joins. */
  private static boolean joins(int[] label, int index, int step, int type) {
    for (int i = index + step; i >= 0 && i < label.length; i += step) {
      int found = UCharacter.getIntPropertyValue(label[i], UProperty.JOINING_TYPE);
      if (found != JoiningType.TRANSPARENT) {
        return found == type || found == JoiningType.DUAL_JOINING;
      }
    }
    return false;
  }

  private static boolean isJapanese(int c) {
    int script = UScript.getScript(c);
    return script == UScript.HIRAGANA || script == UScript.KATAKANA || script == UScript.HAN;
  }

  private static boolean none(int[] label, IntPredicate test) {
    return Arrays.stream(label).noneMatch(test);
  }
}
