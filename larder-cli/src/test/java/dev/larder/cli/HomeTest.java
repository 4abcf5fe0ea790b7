package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Linux      |                            | /home/ada/.cache/larder",
        "Linux      | XDG_CACHE_HOME=/var/c      | /var/c/larder",
        "Linux      | XDG_CACHE_HOME=relative    | /home/ada/.cache/larder",
        "Linux      | XDG_CACHE_HOME=            | /home/ada/.cache/larder",
        "Linux      | LARDER_HOME=/srv/l         | /srv/l",
        "Mac OS X   |                            | /home/ada/Library/Caches/larder",
        "Mac OS X   | LARDER_HOME=/srv/l         | /srv/l",
        "Windows 11 |                            | /home/ada/AppData/Local/larder/cache",
        "Windows 11 | LOCALAPPDATA=/data         | /data/larder/cache"
      })
  void directory_onEachSystem_isInTheUsersCacheDirectory(
      String system, String variable, String expected) {
    Map<String, String> environment = new HashMap<>();
    if (variable != null) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    Properties properties = new Properties();
    properties.setProperty("os.name", system);
    properties.setProperty("user.home", "/home/ada");

    assertThat(Home.directory(environment, properties)).isEqualTo(Path.of(expected));
  }
}
