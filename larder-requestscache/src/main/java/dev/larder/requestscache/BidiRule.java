package dev.larder.requestscache;

import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.ARABIC_NUMBER;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.BOUNDARY_NEUTRAL;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.COMMON_NUMBER_SEPARATOR;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.DIR_NON_SPACING_MARK;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.EUROPEAN_NUMBER;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.EUROPEAN_NUMBER_SEPARATOR;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.EUROPEAN_NUMBER_TERMINATOR;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.LEFT_TO_RIGHT;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.OTHER_NEUTRAL;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.RIGHT_TO_LEFT;
import static com.ibm.icu.lang.UCharacterEnums.ECharacterDirection.RIGHT_TO_LEFT_ARABIC;

import com.ibm.icu.lang.UCharacter;
import java.util.Arrays;
import java.util.Set;

/** The Bidi rule (RFC 5893 §2), with the directions that Python 3.11 knows. */
final class BidiRule {
  /** Ahom consonant sign medial ra: a nonspacing mark up to Unicode 14, a letter since. */
  private static final int CHANGED = 0x1171E;

  private static final int UNKNOWN = -1;

  private static final Set<Integer> NEUTRAL =
      Set.of(
          EUROPEAN_NUMBER,
          EUROPEAN_NUMBER_SEPARATOR,
          COMMON_NUMBER_SEPARATOR,
          EUROPEAN_NUMBER_TERMINATOR,
          OTHER_NEUTRAL,
          BOUNDARY_NEUTRAL,
          DIR_NON_SPACING_MARK);

  private BidiRule() {}

  /** Whether this label keeps the rule. One without right-to-left characters need not. */
  static boolean allows(int[] label) {
    int[] directions = Arrays.stream(label).map(BidiRule::direction).toArray();
    if (Arrays.stream(directions).anyMatch(d -> d == UNKNOWN)) {
      return false;
    }
    if (Arrays.stream(directions).noneMatch(d -> isRightToLeft(d) || d == ARABIC_NUMBER)) {
      return true;
    }
    if (directions[0] == LEFT_TO_RIGHT) {
      return Arrays.stream(directions).allMatch(d -> d == LEFT_TO_RIGHT || NEUTRAL.contains(d))
          && endsIn(directions, LEFT_TO_RIGHT, EUROPEAN_NUMBER);
    }
    return isRightToLeft(directions[0])
        && Arrays.stream(directions)
            .allMatch(d -> isRightToLeft(d) || d == ARABIC_NUMBER || NEUTRAL.contains(d))
        && endsIn(directions, RIGHT_TO_LEFT, RIGHT_TO_LEFT_ARABIC, EUROPEAN_NUMBER, ARABIC_NUMBER)
        && !(contains(directions, EUROPEAN_NUMBER) && contains(directions, ARABIC_NUMBER));
  }

  /** Whether what is last, marks left aside, has one of these directions. */
  private static boolean endsIn(int[] directions, int... allowed) {
    for (int i = directions.length - 1; i >= 0; i--) {
      if (directions[i] != DIR_NON_SPACING_MARK) {
        return contains(allowed, directions[i]);
      }
    }
    return false;
  }

  private static boolean contains(int[] directions, int direction) {
    return Arrays.stream(directions).anyMatch(d -> d == direction);
  }

  private static boolean isRightToLeft(int direction) {
    return direction == RIGHT_TO_LEFT || direction == RIGHT_TO_LEFT_ARABIC;
  }

  private static int direction(int c) {
    if (!PythonText.isKnown(c)) {
      return UNKNOWN;
    }
    return c == CHANGED ? DIR_NON_SPACING_MARK : UCharacter.getDirection(c);
  }
}
