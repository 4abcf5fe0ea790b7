package dev.larder.requestscache;

import java.util.Set;

/**
 * A URL in the pieces that Python's {@code urlsplit} makes of it. Where Python refuses a URL (a
 * bracket without its partner, for instance) this takes it as it comes.
 *
 * @param scheme in lower case; empty if there is none
 * @param authority without its slashes; empty if there is none
 * @param path with its parameters
 * @param query without its question mark
 * @param fragment without its number sign
 */
record SplitUrl(String scheme, String authority, String path, String query, String fragment) {
  private static final String SCHEME_PUNCTUATION = "+-.";

  /** Schemes whose URLs have two slashes even without an authority. */
  private static final Set<String> WITH_AUTHORITY =
      Set.of(
          "ftp",
          "http",
          "gopher",
          "nntp",
          "telnet",
          "imap",
          "wais",
          "file",
          "mms",
          "https",
          "shttp",
          "snews",
          "prospero",
          "rtsp",
          "rtspu",
          "rsync",
          "svn",
          "svn+ssh",
          "sftp",
          "nfs",
          "git",
          "git+ssh",
          "ws",
          "wss");

  /** Schemes whose last path segment may have parameters. */
  private static final Set<String> WITH_PARAMETERS =
      Set.of(
          "",
          "ftp",
          "hdl",
          "prospero",
          "http",
          "https",
          "shttp",
          "rtsp",
          "rtspu",
          "sip",
          "sips",
          "mms",
          "sftp",
          "tel");

  /** {@code urlsplit}: leading controls and spaces go, TAB, CR and LF go everywhere. */
  static SplitUrl parse(String url) {
    int start = 0;
    while (start < url.length() && url.charAt(start) <= ' ') {
      start++;
    }
    String rest = withoutLineBreaks(url.substring(start));
    String scheme = scheme(rest);
    if (!scheme.isEmpty()) {
      rest = rest.substring(scheme.length() + 1);
    }
    String authority = "";
    if (rest.startsWith("//")) {
      int end = 2;
      while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
        end++;
      }
      authority = rest.substring(2, end);
      rest = rest.substring(end);
    }
    String fragment = "";
    int hash = rest.indexOf('#');
    if (hash >= 0) {
      fragment = rest.substring(hash + 1);
      rest = rest.substring(0, hash);
    }
    String query = "";
    int mark = rest.indexOf('?');
    if (mark >= 0) {
      query = rest.substring(mark + 1);
      rest = rest.substring(0, mark);
    }
    return new SplitUrl(PythonText.lower(scheme), authority, rest, query, fragment);
  }

  /** This URL with another query. */
  SplitUrl withQuery(String other) {
    return new SplitUrl(scheme, authority, path, other, fragment);
  }

  /** This URL after {@code urlparse} and {@code urlunparse}: an empty {@code ;params} is gone. */
  SplitUrl withoutEmptyParameters() {
    int semicolon = path.indexOf(';', Math.max(0, path.lastIndexOf('/')));
    return semicolon >= 0 && semicolon == path.length() - 1 && WITH_PARAMETERS.contains(scheme)
        ? new SplitUrl(scheme, authority, path.substring(0, semicolon), query, fragment)
        : this;
  }

  /** {@code urlunsplit}: empty pieces leave no mark. */
  @Override
  public String toString() {
    StringBuilder url = new StringBuilder();
    if (!scheme.isEmpty()) {
      url.append(scheme).append(':');
    }
    if (!authority.isEmpty() || (WITH_AUTHORITY.contains(scheme) && !path.startsWith("//"))) {
      url.append("//").append(authority);
      if (!path.isEmpty() && path.charAt(0) != '/') {
        url.append('/');
      }
    }
    url.append(path);
    if (!query.isEmpty()) {
      url.append('?').append(query);
    }
    if (!fragment.isEmpty()) {
      url.append('#').append(fragment);
    }
    return url.toString();
  }

  /** The scheme as spelled, or nothing if what is before the first colon is not one. */
  private static String scheme(String url) {
    int colon = url.indexOf(':');
    if (colon <= 0 || !Character.isLetter(url.charAt(0))) {
      return "";
    }
    for (int i = 0; i < colon; i++) {
      char c = url.charAt(i);
      if (!PercentCoding.isAlphanumeric(c) && SCHEME_PUNCTUATION.indexOf(c) < 0) {
        return "";
      }
    }
    return url.substring(0, colon);
  }

  private static String withoutLineBreaks(String url) {
    return url.replace("\t", "").replace("\r", "").replace("\n", "");
  }
}
