package dev.larder.serial;

import java.util.List;
import java.util.Objects;

/**
 * A serializer followed by stages: values are serialized and then encoded by each stage in order;
 * bytes are decoded by each stage in reverse order and then deserialized. Its name is those of its
 * steps joined with {@code +}, such as {@code json+gzip}. Immutable and thread-safe.
 *
 * <p>Bytes are to be read with the steps they were written with. Other bytes give a {@link
 * SerializationException}.
 *
 * @param <T> the type of value
 */
public final class SerializerPipeline<T> implements Serializer<T> {
  private final Serializer<T> base;
  private final List<Stage> stages;
  private final String name;

  private SerializerPipeline(Serializer<T> base, List<Stage> stages) {
    this.base = base;
    this.stages = stages;
    StringBuilder joined = new StringBuilder(base.name());
    stages.forEach(stage -> joined.append('+').append(checkedName(stage)));
    this.name = joined.toString();
  }

  /**
   * A pipeline. The base may be a pipeline itself; its stages come first.
   *
   * @throws IllegalArgumentException if the name of a stage is empty or has a comma or plus sign
   */
  public static <T> SerializerPipeline<T> of(Serializer<T> base, Stage... stages) {
    return new SerializerPipeline<>(Objects.requireNonNull(base, "base"), List.of(stages));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] serialize(T value, StageContext context) {
    byte[] bytes = base.serialize(value, context);
    for (Stage stage : stages) {
      bytes = stage.encode(bytes, context);
    }
    return bytes;
  }

  @Override
  public T deserialize(byte[] bytes, StageContext context) {
    byte[] decoded = bytes;
    for (int i = stages.size() - 1; i >= 0; i--) {
      decoded = stages.get(i).decode(decoded, context);
    }
    return base.deserialize(decoded, context);
  }

  private static String checkedName(Stage stage) {
    String name = stage.name();
    if (name.isEmpty() || name.indexOf(',') >= 0 || name.indexOf('+') >= 0) {
      throw new IllegalArgumentException(
          "name of a stage must not be empty or have a comma or plus sign: \"" + name + '"');
    }
    return name;
  }

  @Override
  public String toString() {
    return "SerializerPipeline[" + name + ']';
  }
}
