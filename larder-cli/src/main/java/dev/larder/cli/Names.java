package dev.larder.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant. */
final class Names {
  private static final int MOST_CHANGES = 2;

  private Names() {}

  /** The name that is nearly the word, or else one that the word is the beginning of. */
  static Optional<String> meant(String word, Collection<String> names) {
    return closest(word, names)
        .or(() -> names.stream().filter(name -> name.startsWith(word)).sorted().findFirst());
  }

  /** The name that is at most two changes away, the nearest one if there are several. */
  static Optional<String> closest(String word, Collection<String> names) {
    return names.stream()
        .filter(name -> distance(word, name) <= Math.min(MOST_CHANGES, name.length() - 1))
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  /**
   * How many letters have to be added, taken away, replaced or, side by side, exchanged to make one
   * word of the other (optimal string alignment).
   */
  static int distance(String a, String b) {
    int[][] changes = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        changes[i][j] = i == 0 ? j : j == 0 ? i : step(changes, a, b, i, j);
      }
    }
    return changes[a.length()][b.length()];
  }

  private static int step(int[][] changes, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int fewest =
        Math.min(
            changes[i - 1][j - 1] + (same ? 0 : 1),
            1 + Math.min(changes[i - 1][j], changes[i][j - 1]));
    boolean exchanged =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return exchanged ? Math.min(fewest, changes[i - 2][j - 2] + 1) : fewest;
  }
}
