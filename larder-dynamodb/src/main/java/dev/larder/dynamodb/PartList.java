package dev.larder.dynamodb;

/**
 * Where the parts of a body are: what the attribute {@code parts} of an entry says.
 *
 * @param count how many there are
 * @param token what their keys have in common; random, new for each body that is written
 */
record PartList(int count, String token) {
  /**
   * What {@link #text()} wrote.
   *
   * @throws EntryFormat.InvalidItemException if it is anything else
   */
  static PartList parse(String text) {
    int space = text.indexOf(' ');
    try {
      PartList parts =
          new PartList(
              Integer.parseInt(text.substring(0, Math.max(space, 0))), text.substring(space + 1));
      if (parts.count > 0 && !parts.token.isEmpty()) {
        return parts;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new EntryFormat.InvalidItemException("its list of parts is malformed: \"" + text + '"');
  }

  String text() {
    return count + " " + token;
  }
}
