package dev.larder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerializerPipelineTest {
  /** Appends a byte and takes it off again, if the place is the same. */
  private record Append(String name, char suffix) implements Stage {
    @Override
    public byte[] encode(byte[] bytes, StageContext context) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      longer[bytes.length] = (byte) (suffix + context.part());
      return longer;
    }

    @Override
    public byte[] decode(byte[] bytes, StageContext context) {
      if (bytes.length == 0 || bytes[bytes.length - 1] != (byte) (suffix + context.part())) {
        throw new SerializationException("written by another stage, or for another place");
      }
      return Arrays.copyOf(bytes, bytes.length - 1);
    }
  }

  private static final StageContext PLACE = new StageContext("k", "v", 1);
  private final Stage one = new Append("one", 'a');
  private final Stage two = new Append("two", 'b');

  @Test
  void name_stages_areJoinedWithPlus() {
    assertThat(SerializerPipeline.of(Serializers.json(), Stages.gzip()).name())
        .isEqualTo("json+gzip");
    assertThat(SerializerPipeline.of(Serializers.binary()).name()).isEqualTo("binary");
    assertThat(SerializerPipeline.of(SerializerPipeline.of(Serializers.string(), one), two).name())
        .isEqualTo("string+one+two");
  }

  @Test
  void serialize_stages_encodeInOrderWithTheContext() {
    SerializerPipeline<String> pipeline = SerializerPipeline.of(Serializers.string(), one, two);
    byte[] bytes = pipeline.serialize("x", PLACE);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("xbc");
    assertThat(pipeline.deserialize(bytes, PLACE)).isEqualTo("x");
  }

  @Test
  void deserialize_otherOrderOrPlace_isRefused() {
    byte[] bytes = SerializerPipeline.of(Serializers.string(), one, two).serialize("x", PLACE);
    assertThatThrownBy(
            () -> SerializerPipeline.of(Serializers.string(), two, one).deserialize(bytes, PLACE))
        .isInstanceOf(SerializationException.class);
    assertThatThrownBy(
            () ->
                SerializerPipeline.of(Serializers.string(), one, two)
                    .deserialize(bytes, StageContext.NONE))
        .isInstanceOf(SerializationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,b", "a+b"})
  void of_ambiguousStageName_isRefused(String name) {
    assertThatThrownBy(() -> SerializerPipeline.of(Serializers.bytes(), new Append(name, 'x')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining('"' + name + '"');
  }

  @Test
  void of_stagesChangedAfterwards_keepsItsOwn() {
    Stage[] stages = {one};
    SerializerPipeline<byte[]> pipeline = SerializerPipeline.of(Serializers.bytes(), stages);
    stages[0] = two;
    assertThat(pipeline.serialize(new byte[0], PLACE)).containsExactly('b');
  }

  @Property
  void deserialize_bytesThroughGzip_areEqual(@ForAll byte[] value) {
    SerializerPipeline<byte[]> pipeline =
        SerializerPipeline.of(Serializers.bytes(), Stages.gzip(), one, Stages.gzip());
    assertThat(pipeline.deserialize(pipeline.serialize(value, PLACE), PLACE)).isEqualTo(value);
  }

  @Property
  void string_anyText_isEqualOrRefused(@ForAll String text) {
    Serializer<String> strings = Serializers.string();
    if (Utf8.isWellFormed(text)) {
      assertThat(strings.deserialize(strings.serialize(text, PLACE), PLACE)).isEqualTo(text);
    } else {
      assertThatThrownBy(() -> strings.serialize(text, PLACE))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("unpaired surrogate");
    }
  }

  @Test
  void string_malformedBytes_areRefused() {
    assertThatThrownBy(() -> Serializers.string().deserialize(new byte[] {(byte) 0xC0, 1}, PLACE))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("2 bytes are not UTF-8");
  }
}
