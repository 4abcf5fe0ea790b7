package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps of the specification, one group of lines each. */
class UrlNormalizerTest {
  private static final RequestsCacheKeys KEYS = RequestsCacheKeys.create();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "HTTP://example.com/|http://example.com/",
        "` http://example.com/`|http://example.com/",
        "http://example.com/p;?#|http://example.com/p",
        "http://example.com/p;a/b;|http://example.com/p;a/b",
        "http://example.com/p;a;?b=1&a=2#f|http://example.com/p;a;?a=2&b=1#f",
        "tel:1;|tel:1",
        "mailto:a;|mailto:a;",
      })
  void filterUrl_steps_areThoseOfUrlparse(String url, String expected) {
    assertThat(KEYS.filterUrl(url)).isEqualTo(expected);
  }

  @Test
  void filterUrl_controls_goAtTheBeginningAndLineBreaksAnywhere() {
    assertThat(KEYS.filterUrl("\u0000\u001f ht\ttp://exa\nmple.com/a\r/b"))
        .isEqualTo("http://example.com/a/b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // 1. Scheme and slashes.
        "``|``",
        "-|-",
        "example.com/a|https://example.com/a",
        "//example.com/a|https://example.com/a",
        "////example.com/a|https://example.com/a",
        "example.com:80/|https://example.com:80/",
        "a.com:80/|a.com:80/",
        "localhost:80/|https://localhost:80/",
        "/a/../b|/b",
        "http:example.com|http://example.com/",
        "http:////example.com//a|http://example.com/a",
        "ftps:/example.com|ftps://example.com",
        "ws:/example.com/a/../b|ws:///example.com/a/../b",
        "mailto:A@B|mailto:A@B",
        // 2. Hash-bang, trailing characters.
        "http://h/#!a#!b|http://h/?_escaped_fragment_=a?_escaped_fragment_%3Db",
        "http://h/a&? &|http://h/a",
        "http://h/a#b? |http://h/a#b",
        // 3. and 4. Authority.
        "http://@h/|http://h/",
        "http://:@h/|http://h/",
        "http://u%41@h/|http://u%41@h/",
        "http://u@v@h/|http://u@v@h/",
        "http://[2001:DB8::A]:080/|http://[2001:DB8::A]:080/",
        // 5. Host.
        "http://.a..B./|http://a.b/",
        "http://xn--BCHER-KVA.example/|http://xn--bcher-kva.example/",
        "http://ＥＸＡＭＰＬＥ。com/|http://example.com/",
        "http://my_faß.example/|http://my_fass.example/",
        "http://faß.example/|http://xn--fa-hia.example/",
        "http://my_host.faß.example/|http://my_host.fass.example/",
        "http://-a.example/|http://-a.example/",
        "http://😀.faß/|http://xn--e28h.fass/",
        "http://ΒΌΛΟΣ.com/|http://xn--nxasmq6b.com/",
        "http://l·l.example/|http://xn--ll-0ea.example/",
        "http://a·l.example/|http://xn--al-0ea.example/",
        "http://カ・カ.example/|http://xn--lcka3v.example/",
        "http://a٠b/|http://xn--ab-7xd/",
        "http://١٢٣.א/|http://xn--9hbcd.xn--4db/",
        "http://नी\u200Cन.example/|http://xn--l2ba5e.example/",
        "http://क्\u200Cष.example/|http://xn--11b2ezcs70k.example/",
        // 6. Port.
        "http://h:80/|http://h/",
        "http://h:443/|http://h:443/",
        "https://h:0443/|https://h/",
        "ftp://h:21/|ftp://h/",
        "wss://h:443/|wss://h/",
        "http://h:٨٠/|http://h/",
        "http://h:²/|http://h:²/",
        "http://h:8x/|http://h:8x/",
        // 7. Query.
        "http://h/?é=%C3%A9&e\u0301|http://h/?%C3%A9=%C3%A9&%C3%A9",
        "http://h/?k=%2B%26%3D%23%25%3c~:/?[]@!$'()*,;|"
            + "http://h/?k=+%26%3D%23%25%3C~:/?[]@!$'()*,;",
        "http://h/?k%3D|http://h/?k%3D",
        // 8. Path.
        "http://h|http://h/",
        "http://h/%7Ea%2fb%23c%3fd%25e%20f|http://h/~a/b#c%3Fd%25e%20f",
        "http://h/a/./b/../../../c/|http://h/c/",
        "http://h/a/..|http://h/",
        "http://h/a/.|http://h/a/",
        "http://h//a//b//|http://h/a/b/",
        "http://h/a/%2e%2e/b|http://h/b",
        "gopher://h/a/../b|gopher://h/a/../b",
        "gopher://h|gopher://h",
        "file:///a/../b|file:///b",
        // 9. Fragment.
        "http://h/#a/b?c=d%7e%c3|http://h/#a%2Fb%3Fc=d~%EF%BF%BD",
        // Unquoting.
        "http://h/%E2%82%41%F0%9F|http://h/%EF%BF%BDA%EF%BF%BD",
        "http://h/%ED%A0%80|http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD",
        "http://h/%F5%C0%80|http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD",
        "http://h/%4%zz%|http://h/%254%25zz%25",
        "http://h/é%CC|http://h/%C3%A9%EF%BF%BD",
      })
  void normalizeUrl_steps_areThoseOfUrlNormalize(String url, String expected) {
    assertThat(KEYS.normalizeUrl(url)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "q=a+b|q=a%2Bb",
        "``|a=",
        "x=%FF|x=%FE",
        "a=1&b=2|b=2&a=1",
      })
  void normalizeUrl_differentQueries_mayCollide(String one, String other) {
    assertThat(KEYS.normalizeUrl("http://h/?" + one))
        .isEqualTo(KEYS.normalizeUrl("http://h/?" + other));
  }

  @ParameterizedTest
  @CsvSource({"/a/b,/a%2Fb", "/a/b,//a//b", "/a%23b,/a#b"})
  void normalizeUrl_differentPaths_mayCollide(String one, String other) {
    assertThat(KEYS.normalizeUrl("http://h" + one))
        .isEqualTo(KEYS.normalizeUrl("http://h" + other));
  }

  @Test
  void normalizeUrl_bareParameter_differsFromEmptyOne() {
    assertThat(KEYS.normalizeUrl("http://h/?flag"))
        .isNotEqualTo(KEYS.normalizeUrl("http://h/?flag="));
  }

  @Test
  void normalParameters_steps_areThoseOfTheSpecification() {
    RequestsCacheKeys keys =
        RequestsCacheKeys.builder().ignoredParameters(List.of("t k", "T", "flag")).build();
    assertThat(form(keys, "t+k=1&t%20k=2&t=3&flag&a=&=&=1&a=+&b=%2B&b=*~'"))
        .isEqualTo("=1&a=+&b=%2A~%27&b=%2B&t=3&t+k=REDACTED&t+k=REDACTED&flag");
    assertThat(form(keys, "%F0%9F%98%80=1&%EF%BC%A1=1&z%F0%9F%98%80&a%7e&&"))
        .isEqualTo("%EF%BC%A1=1&%F0%9F%98%80=1&a%7e&z%F0%9F%98%80");
    assertThat(form(keys, "b=1;a=2&a=b=c&x=%zz%4")).isEqualTo("a=b%3Dc&b=1%3Ba%3D2&x=%25zz%254");
    assertThat(form(keys, "a=")).isEmpty();
    assertThat(form(keys, "é=1&é")).isEqualTo("%C3%A9=1&é");
  }

  private static String form(RequestsCacheKeys keys, String body) {
    return Texts.utf8(
        keys.normalizeBody(
            Headers.of("Content-Type", "application/x-www-form-urlencoded"), Texts.utf8(body)));
  }
}
