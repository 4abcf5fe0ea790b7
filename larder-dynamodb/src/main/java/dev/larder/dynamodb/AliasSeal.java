package dev.larder.dynamodb;

import dev.larder.serial.SerializationException;
import dev.larder.serial.Stage;
import dev.larder.serial.StageContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Vouches for where an alias leads, by a stage that authenticates. What an alias leads to is the
 * answer to another request, so the entry there cannot tell whether it was meant; whoever can write
 * to the table could make any request lead to any entry. Thread-safe.
 */
final class AliasSeal {
  /** Beside those of {@link MetadataSeal}. */
  private static final int PLACE = Integer.MIN_VALUE + 2;

  private final ItemKeys keys;
  private final Stage stage;

  /** Seals with this stage the aliases of these keys. */
  AliasSeal(ItemKeys keys, Stage stage) {
    this.keys = keys;
    this.stage = stage;
  }

  /** What to keep beside the target. */
  AttributeValue of(String key, String version, String target) {
    return Attributes.binary(ByteBuffer.wrap(stage.encode(bytes(target), context(key, version))));
  }

  /** Whether the alias of this key was given this target. */
  boolean holds(String key, Map<String, AttributeValue> item, String target) {
    Optional<byte[]> sealed =
        Optional.ofNullable(item.get(Attributes.SEALED))
            .flatMap(value -> Optional.ofNullable(value.b()))
            .map(value -> value.asByteArrayUnsafe());
    if (sealed.isEmpty()) {
      return false;
    }
    String version = Attributes.text(item, Attributes.VERSION).orElse("");
    try {
      return Arrays.equals(stage.decode(sealed.get(), context(key, version)), bytes(target));
    } catch (SerializationException e) {
      return false;
    }
  }

  private StageContext context(String key, String version) {
    return new StageContext(keys.place(key), version, PLACE);
  }

  private static byte[] bytes(String target) {
    return target.getBytes(StandardCharsets.UTF_8);
  }
}
