package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "` HTTP://User:P w@EXAMPLE.com:0080`|http://User:P%20w@example.com:80/",
        "http://h:0/|http://h/",
        "http://h:/|http://h/",
        "http://1.2.3.4/a|http://1.2.3.4/a",
        "http://[2001:DB8::A]/x|http://[2001:db8::a]/x",
        "http://[fe80::1%25Eth0]/|http://[fe80::1%25Eth0]/",
        "http://bücher.example/ü?ü#ü|http://xn--bcher-kva.example/%C3%BC?%C3%BC#%C3%BC",
        "http://h\\a|http://h/%5Ca",
        "http://h/a/./b/../c/..|http://h/a/",
        "http://h/a//../b|http://h/a/b",
        "http://h/%7e%2f%c3%a9|http://h/~%2F%C3%A9",
        "http://h/%zz%41|http://h/%25zz%2541",
        "http://h/[]|http://h/%5B%5D",
        "http://h/?a b[]={}|http://h/?a%20b%5B%5D=%7B%7D",
        "http://h/?#|http://h/",
        "http://my_host/|http://my_host/",
      })
  void of_url_isAsRequestsPreparesIt(String url, String expected) {
    assertThat(PreparedUrl.of(url)).isEqualTo(expected);
    assertThat(PreparedUrl.of(expected)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://H/%7e",
        "httpx://H:01/a b",
        "mailto:A@B",
        "example.com/A",
        "http:/H",
        "http:///H",
        "http://H:99999/",
        "http://H:x/",
        "http://[::1/",
        "http://[1::2::3]/",
        "http://*.H/",
        "http://.H/",
        "http://H%zz/",
        "http://😀.H/",
        "http",
        "",
      })
  void of_urlThatRequestsCannotSend_isThatUrl(String url) {
    assertThat(PreparedUrl.of(url)).isEqualTo(url);
  }
}
