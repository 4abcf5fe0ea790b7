package dev.larder.serial;

/**
 * How much one entry may hold. A line of a few bytes becomes objects of a few hundred, so bytes
 * made to harm could otherwise take up far more memory than their own size. Writers refuse what
 * readers would.
 */
final class EntryLimits {
  /** Field lines of one message. */
  static final int FIELDS = 10_000;

  /** Tags of one entry. */
  static final int TAGS = 10_000;

  private EntryLimits() {}

  static int checkFields(int count) {
    return check(count, FIELDS, "field lines");
  }

  static int checkTags(int count) {
    return check(count, TAGS, "tags");
  }

  private static int check(int count, int limit, String what) {
    if (count < 0 || count > limit) {
      throw new SerializationException(
          "an entry may hold at most " + limit + ' ' + what + ", but this one has " + count);
    }
    return count;
  }
}
