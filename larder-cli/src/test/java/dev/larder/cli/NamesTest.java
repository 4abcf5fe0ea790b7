package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "get, get, 0",
    "get, gte, 1",
    "get, gets, 1",
    "get, et, 1",
    "get, got, 1",
    "get, '', 3",
    "demo, get, 3",
    "help, hlpe, 2"
  })
  void distance_ofTwoWords_isTheNumberOfChanges(String a, String b, int changes) {
    assertThat(Names.distance(a, b)).isEqualTo(changes);
    assertThat(Names.distance(b, a)).isEqualTo(changes);
  }

  @Test
  void closest_severalNames_isTheNearest() {
    assertThat(Names.closest("lits", List.of("cost", "list", "delete"))).contains("list");
    assertThat(Names.closest("x", List.of("ab", "get"))).isEmpty();
  }
}
