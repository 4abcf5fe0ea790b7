package dev.larder.requestscache;

import dev.larder.requestscache.PythonJson.JsonArray;
import dev.larder.requestscache.PythonJson.JsonNull;
import dev.larder.requestscache.PythonJson.JsonObject;
import dev.larder.requestscache.PythonJson.JsonString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Python's {@code sorted} over JSON values: stable, numbers among numbers, strings among strings,
 * arrays by their first difference; anything else raises.
 *
 * <p>Two things depend on which elements are compared with which, so on the algorithm: where a NaN
 * ends up, and whether two arrays meet that differ in a number and a string. Up to 63 elements this
 * takes Python's steps (a run, then binary insertion). Above, it merges halves, and may differ from
 * Python in these two cases only.
 */
final class PythonSort {
  private static final int INSERTION_LIMIT = 64;

  private PythonSort() {}

  /**
   * A sorted copy.
   *
   * @throws NoKeyException if two elements that were compared have no order
   */
  static List<PythonJson> sorted(List<PythonJson> elements) throws NoKeyException {
    List<PythonJson> sorted = new ArrayList<>(elements);
    sort(sorted);
    return sorted;
  }

  private static void sort(List<PythonJson> list) throws NoKeyException {
    if (list.size() < INSERTION_LIMIT) {
      insert(list, firstRun(list));
      return;
    }
    int middle = list.size() / 2;
    List<PythonJson> left = new ArrayList<>(list.subList(0, middle));
    List<PythonJson> right = new ArrayList<>(list.subList(middle, list.size()));
    sort(left);
    sort(right);
    int l = 0;
    int r = 0;
    for (int i = 0; i < list.size(); i++) {
      boolean fromRight =
          l == left.size() || (r < right.size() && isLess(right.get(r), left.get(l)));
      list.set(i, fromRight ? right.get(r++) : left.get(l++));
    }
  }

  /** How many elements at the beginning are in order, after turning them if they were falling. */
  private static int firstRun(List<PythonJson> list) throws NoKeyException {
    if (list.size() < 2) {
      return list.size();
    }
    boolean falling = isLess(list.get(1), list.get(0));
    int end = 2;
    while (end < list.size() && isLess(list.get(end), list.get(end - 1)) == falling) {
      end++;
    }
    if (falling) {
      Collections.reverse(list.subList(0, end));
    }
    return end;
  }

  private static void insert(List<PythonJson> list, int start) throws NoKeyException {
    for (int i = start; i < list.size(); i++) {
      PythonJson pivot = list.get(i);
      int low = 0;
      int high = i;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (isLess(pivot, list.get(middle))) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      Collections.rotate(list.subList(low, i + 1), 1);
    }
  }

  /** {@code one < other}. */
  private static boolean isLess(PythonJson one, PythonJson other) throws NoKeyException {
    if (one.isNumber() && other.isNumber()) {
      return PythonJson.isNotNaN(one)
          && PythonJson.isNotNaN(other)
          && PythonJson.compareNumbers(one, other) < 0;
    }
    if (one instanceof JsonString l && other instanceof JsonString r) {
      return PythonText.BY_CODE_POINT.compare(l.text(), r.text()) < 0;
    }
    if (one instanceof JsonArray l && other instanceof JsonArray r) {
      int common = Math.min(l.elements().size(), r.elements().size());
      for (int i = 0; i < common; i++) {
        if (!isEqual(l.elements().get(i), r.elements().get(i))) {
          return isLess(l.elements().get(i), r.elements().get(i));
        }
      }
      return l.elements().size() < r.elements().size();
    }
    throw new NoKeyException("no order between these");
  }

  /** {@code left == right} inside a container, where a NaN is the same object as every other. */
  private static boolean isEqual(PythonJson left, PythonJson right) {
    if (left.isNumber() && right.isNumber()) {
      boolean order = PythonJson.isNotNaN(left);
      return order == PythonJson.isNotNaN(right)
          && (!order || PythonJson.compareNumbers(left, right) == 0);
    }
    if (left instanceof JsonArray l && right instanceof JsonArray r) {
      boolean equal = l.elements().size() == r.elements().size();
      for (int i = 0; equal && i < l.elements().size(); i++) {
        equal = isEqual(l.elements().get(i), r.elements().get(i));
      }
      return equal;
    }
    if (left instanceof JsonObject l && right instanceof JsonObject r) {
      return l.members().keySet().equals(r.members().keySet())
          && l.members().entrySet().stream()
              .allMatch(
                  member -> {
                    PythonJson other = r.members().get(member.getKey());
                    return other != null && isEqual(member.getValue(), other);
                  });
    }
    if (left instanceof JsonString l && right instanceof JsonString r) {
      return l.text().equals(r.text());
    }
    return left instanceof JsonNull && right instanceof JsonNull;
  }
}
