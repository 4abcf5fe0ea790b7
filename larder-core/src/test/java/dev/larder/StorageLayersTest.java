package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.storage.ResponseStorage;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A layer over a storage that leaves a method to its default hides what the storage itself does.
 */
class StorageLayersTest {
  @ParameterizedTest
  @ValueSource(classes = {NearStorage.class, GuardedStorage.class})
  void layer_everyMethodWithADefault_handsItOn(Class<?> layer) {
    assertThat(ResponseStorage.class.getMethods())
        .filteredOn(Method::isDefault)
        .isNotEmpty()
        .allSatisfy(
            method ->
                assertThat(layer.getDeclaredMethods())
                    .anyMatch(
                        own ->
                            own.getName().equals(method.getName())
                                && Arrays.equals(
                                    own.getParameterTypes(), method.getParameterTypes())));
  }
}
