package dev.larder.dynamodb;

import dev.larder.serial.SerializationException;
import dev.larder.serial.Stage;
import dev.larder.serial.StageContext;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Applies stages to a body, or to each part of one, and undoes them. The names of the stages are
 * recorded with what they made, so a reader with other stages switched on still reads it, if it
 * knows them at all. Thread-safe.
 */
final class BodyCodec {
  private final boolean readableText;
  private final List<Stage> stages;
  private final Map<String, Stage> known = new LinkedHashMap<>();

  /**
   * A codec.
   *
   * @param readableText whether text is stored as text where no stage is applied
   * @param stages what to apply on writing, in order
   * @param readable further stages that may be met on reading
   */
  BodyCodec(boolean readableText, List<Stage> stages, List<Stage> readable) {
    this.readableText = readableText;
    this.stages = List.copyOf(stages);
    readable.forEach(stage -> known.put(stage.name(), stage));
    stages.forEach(stage -> known.put(stage.name(), stage));
  }

  /**
   * Bytes as they are stored.
   *
   * @param value B, or S if text is to be readable
   * @param encoding the names of the stages applied; empty if none
   */
  record Stored(AttributeValue value, String encoding) {
    long length() {
      return ItemSize.of(value);
    }
  }

  /** A whole body as it is stored in its entry. */
  Stored encode(ByteBuffer body, StageContext context) {
    return stages.isEmpty()
        ? new Stored(readableText ? Attributes.textOrBinary(body) : Attributes.binary(body), "")
        : staged(body, context);
  }

  /** A part of a body as it is stored: always binary. */
  Stored encodePart(ByteBuffer body, StageContext context) {
    return stages.isEmpty() ? new Stored(Attributes.binary(body), "") : staged(body, context);
  }

  private Stored staged(ByteBuffer body, StageContext context) {
    byte[] bytes = exactArray(body);
    for (Stage stage : stages) {
      bytes = stage.encode(bytes, context);
    }
    return new Stored(
        Attributes.binary(ByteBuffer.wrap(bytes)),
        String.join(",", stages.stream().map(Stage::name).toList()));
  }

  /**
   * The bytes of what was stored.
   *
   * @throws EntryFormat.InvalidItemException if they cannot be decoded
   */
  byte[] decode(ByteBuffer stored, Optional<String> encoding, StageContext context) {
    byte[] bytes = exactArray(stored);
    if (encoding.isEmpty()) {
      return bytes;
    }
    String[] names = encoding.get().split(",", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      Stage stage = known.get(names[i]);
      if (stage == null) {
        throw new EntryFormat.InvalidItemException(
            "its body is encoded with \"" + names[i] + "\", a stage this cache is not given");
      }
      try {
        bytes = stage.decode(bytes, context);
      } catch (SerializationException e) {
        throw new EntryFormat.InvalidItemException("its body cannot be decoded: " + e.getMessage());
      }
    }
    return bytes;
  }

  /** The array behind a buffer if it is neither longer nor shared, else a copy. */
  private static byte[] exactArray(ByteBuffer bytes) {
    if (bytes.hasArray() && bytes.arrayOffset() == 0 && bytes.remaining() == bytes.array().length) {
      return bytes.array();
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }
}
