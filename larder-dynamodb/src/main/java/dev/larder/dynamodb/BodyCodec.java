package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
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
  private static final String GZIP = "gzip";

  private final ItemKeys keys;
  private final boolean readableText;
  private final boolean compressing;
  private final List<Stage> stages;
  private final Map<String, Stage> known = new LinkedHashMap<>();

  /**
   * A codec.
   *
   * @param keys of the items that bodies belong to
   * @param readableText whether text is stored as text where nothing is applied
   * @param compressing whether to compress where that saves units and there are no stages
   * @param stages what to apply on writing, in order
   * @param readable further stages that may be met on reading
   */
  BodyCodec(
      ItemKeys keys,
      boolean readableText,
      boolean compressing,
      List<Stage> stages,
      List<Stage> readable) {
    this.keys = keys;
    this.readableText = readableText;
    this.compressing = compressing && stages.isEmpty();
    this.stages = List.copyOf(stages);
    readable.forEach(stage -> known.put(stage.name(), stage));
    stages.forEach(stage -> known.put(stage.name(), stage));
  }

  /** Whether bodies that no stage vouches for are refused, even ones without a single byte. */
  boolean authenticates() {
    return authenticating().isPresent();
  }

  /** A stage that refuses what it did not write. */
  Optional<Stage> authenticating() {
    return stages.stream().filter(Stage::authenticates).findFirst();
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

  /**
   * A whole body as it is stored in its entry.
   *
   * @param besides what else is in the item, in bytes
   */
  Stored encode(ByteBuffer body, EntryHead head, long besides) {
    return smaller(body, context(head, -1), Compression.isPromising(head), besides)
        .orElseGet(
            () ->
                new Stored(
                    readableText ? Attributes.textOrBinary(body) : Attributes.binary(body), ""));
  }

  /**
   * A part of a body as it is stored: always binary.
   *
   * @param besides what else is in the item, in bytes
   */
  Stored encodePart(ByteBuffer body, EntryHead head, int place, long besides) {
    return smaller(body, context(head, place), Compression.isPromising(head), besides)
        .orElseGet(() -> new Stored(Attributes.binary(body), ""));
  }

  /**
   * What {@link #encode} made of a body, as its only part; empty if it has to be encoded again
   * because stages depend on the place.
   */
  Optional<Stored> asOnlyPart(Map<String, AttributeValue> item, ByteBuffer body) {
    if (!stages.isEmpty()) {
      return Optional.empty();
    }
    String encoding = Attributes.text(item, Attributes.ENCODING).orElse("");
    AttributeValue value = item.get(Attributes.BODY);
    return value == null || encoding.isEmpty()
        ? Optional.of(new Stored(Attributes.binary(body), ""))
        : Optional.of(new Stored(value, encoding));
  }

  private Optional<Stored> smaller(
      ByteBuffer body, StageContext context, boolean promising, long besides) {
    if (!stages.isEmpty()) {
      return Optional.of(staged(body, context));
    }
    return compressing && promising
        ? Compression.ifItPays(exactArray(body), besides)
            .map(bytes -> new Stored(Attributes.binary(ByteBuffer.wrap(bytes)), GZIP))
        : Optional.empty();
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
   * @param place which part it is, as {@link StageContext#part()} has it
   * @throws EntryFormat.InvalidItemException if they cannot be decoded
   */
  byte[] decode(ByteBuffer stored, Optional<String> encoding, EntryHead head, int place) {
    StageContext context = context(head, place);
    byte[] bytes = exactArray(stored);
    String[] names = encoding.map(list -> list.split(",", -1)).orElse(new String[0]);
    checkVouchedFor(List.of(names));
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

  /**
   * Whoever can write to the table could otherwise leave the stage out, and the reader would not
   * miss it.
   */
  private void checkVouchedFor(List<String> names) {
    for (Stage stage : stages) {
      if (stage.authenticates() && !names.contains(stage.name())) {
        throw new EntryFormat.InvalidItemException(
            "its body was written without stage \""
                + stage.name()
                + "\", which this cache demands");
      }
    }
  }

  private StageContext context(EntryHead head, int place) {
    return new StageContext(keys.place(head.key()), head.version(), place);
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
