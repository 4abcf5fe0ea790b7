package dev.larder.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a dictionary of structured fields (RFC 8941 §4.2.2), as strictly as it asks: one error, and
 * the whole field counts as absent. Parameters are checked and dropped (RFC 9213 §2.1).
 */
final class StructuredDictionary {
  /** What a member's value is, as far as cache directives need to know. */
  enum Kind {
    TRUE,
    FALSE,
    INTEGER,
    TOKEN,
    STRING,
    OTHER
  }

  /** A member; the text of a string is unescaped. */
  record Member(String name, Kind kind, String text) {}

  /** Thrown and caught in here only. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("not a dictionary", null, false, false);
    }
  }

  private final String text;
  private int position;
  private Kind kind = Kind.OTHER;
  private String item = "";

  private StructuredDictionary(String text) {
    this.text = text;
  }

  /** The members, of equal names the last; empty if the text is not a dictionary. */
  static Optional<List<Member>> parse(String text) {
    try {
      return Optional.of(new StructuredDictionary(text).members());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private List<Member> members() throws Malformed {
    Map<String, Member> members = new LinkedHashMap<>();
    skip(" ");
    while (position < text.length()) {
      String name = key();
      if (accept('=')) {
        itemOrInnerList();
      } else {
        kind = Kind.TRUE;
        item = "";
      }
      Member member = new Member(name, kind, item);
      parameters();
      members.put(name, member);
      skip(" \t");
      if (position == text.length()) {
        break;
      }
      expect(',');
      skip(" \t");
      if (position == text.length()) {
        throw new Malformed();
      }
    }
    return new ArrayList<>(members.values());
  }

  private void parameters() throws Malformed {
    while (accept(';')) {
      skip(" ");
      key();
      if (accept('=')) {
        bareItem();
      }
    }
  }

  private void itemOrInnerList() throws Malformed {
    if (!accept('(')) {
      bareItem();
      return;
    }
    while (true) {
      skip(" ");
      if (accept(')')) {
        kind = Kind.OTHER;
        item = "";
        return;
      }
      bareItem();
      parameters();
      if (peek() != ' ' && peek() != ')') {
        throw new Malformed();
      }
    }
  }

  private void bareItem() throws Malformed {
    char c = peek();
    if (c == '-' || FieldValues.isDigit(c)) {
      number();
    } else if (c == '"') {
      string();
    } else if (c == '*' || isLetter(c)) {
      kind = Kind.TOKEN;
      int start = position++;
      while (FieldValues.isTokenCharacter(peek()) || peek() == ':' || peek() == '/') {
        position++;
      }
      item = text.substring(start, position);
    } else if (c == ':') {
      bytes();
    } else {
      expect('?');
      kind = accept('1') ? Kind.TRUE : Kind.FALSE;
      if (kind == Kind.FALSE) {
        expect('0');
      }
      item = "";
    }
  }

  /** Up to 15 digits, or up to 12, a point and up to 3 more. */
  private void number() throws Malformed {
    int start = position;
    accept('-');
    int whole = digits();
    kind = Kind.INTEGER;
    boolean valid = whole >= 1 && whole <= 15;
    if (accept('.')) {
      int fraction = digits();
      kind = Kind.OTHER;
      valid = whole >= 1 && whole <= 12 && fraction >= 1 && fraction <= 3;
    }
    if (!valid) {
      throw new Malformed();
    }
    item = text.substring(start, position);
  }

  private int digits() {
    int start = position;
    while (FieldValues.isDigit(peek())) {
      position++;
    }
    return position - start;
  }

  private void string() throws Malformed {
    expect('"');
    StringBuilder plain = new StringBuilder();
    while (!accept('"')) {
      boolean escaped = accept('\\');
      char c = peek();
      if (c < ' ' || c > '~' || (escaped && c != '"' && c != '\\')) {
        throw new Malformed();
      }
      plain.append(c);
      position++;
    }
    kind = Kind.STRING;
    item = plain.toString();
  }

  private void bytes() throws Malformed {
    expect(':');
    while (isLetter(peek()) || FieldValues.isDigit(peek()) || "+/=".indexOf(peek()) >= 0) {
      position++;
    }
    expect(':');
    kind = Kind.OTHER;
    item = "";
  }

  private String key() throws Malformed {
    int start = position;
    if (peek() != '*' && !isLower(peek())) {
      throw new Malformed();
    }
    while (isLower(peek()) || FieldValues.isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) {
      position++;
    }
    return text.substring(start, position);
  }

  private void skip(String characters) {
    while (position < text.length() && characters.indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private boolean accept(char c) {
    boolean found = position < text.length() && text.charAt(position) == c;
    position += found ? 1 : 0;
    return found;
  }

  private void expect(char c) throws Malformed {
    if (!accept(c)) {
      throw new Malformed();
    }
  }

  /** The next character; NUL at the end, which is allowed nowhere. */
  private char peek() {
    return position < text.length() ? text.charAt(position) : 0;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isLetter(char c) {
    return isLower(c) || (c >= 'A' && c <= 'Z');
  }
}
