package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random requests whose keys a program in Python made: URLs prepared by the requests library, what
 * follows written anew from the specification with Python's own urllib, json and idna.
 */
class RandomKeysTest {
  static List<String> lines() throws IOException {
    try (InputStream in = RandomKeysTest.class.getResourceAsStream("/random-keys.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void create_randomRequest_isPythonsKey(String line) {
    String[] columns = line.split("\t", -1);
    RequestsCacheKeys keys =
        RequestsCacheKeys.builder()
            .ignoredParameters(names(columns[6]))
            .contentRootKey(columns[7].equals("-") ? "" : columns[7])
            .verify(columns[8].equals("1"))
            .build();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String field : text(columns[3]).split("\u0001", -1)) {
      int end = field.indexOf('\0');
      if (end >= 0) {
        headers.put(field.substring(0, end), field.substring(end + 1));
      }
    }
    assertThat(RequestsCacheKeys.prepareUrl(text(columns[1]))).isEqualTo(text(columns[2]));
    assertThat(
            keys.create(columns[0], text(columns[2]), headers, bytes(columns[4]), names(columns[5]))
                .value())
        .isEqualTo(columns[9]);
  }

  private static List<String> names(String column) {
    String text = text(column);
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  private static String text(String column) {
    return new String(bytes(column), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String column) {
    return column.equals("-") ? new byte[0] : Base64.getDecoder().decode(column);
  }
}
