package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static final byte[] CONTENT = {1, 2, (byte) 0xFF, 4, 5};

  /** A body that is not in memory. */
  private static final class Streamed implements Body {
    private final byte[] content;

    Streamed(byte[] content) {
      this.content = content;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }
  }

  @Property
  void open_anyBytes_givesThem(@ForAll byte[] bytes) throws IOException {
    for (Body body :
        new Body[] {Body.of(bytes), Body.of(ByteBuffer.wrap(bytes)), new Streamed(bytes)}) {
      assertThat(body.open().readAllBytes()).isEqualTo(bytes);
      assertThat(body.bytes()).isNotSameAs(bytes).isEqualTo(bytes);
    }
  }

  @Test
  void open_severalAtOnce_areIndependent() throws IOException {
    Body body = Body.of(CONTENT);
    try (InputStream one = body.open();
        InputStream other = body.open()) {
      assertThat(one.readNBytes(3)).containsExactly(1, 2, 0xFF);
      assertThat(other.read()).isEqualTo(1);
      assertThat(one.read()).isEqualTo(4);
      assertThat(other.readAllBytes()).containsExactly(2, 0xFF, 4, 5);
    }
    assertThat(body.open().readAllBytes()).isEqualTo(CONTENT);
  }

  @Test
  void open_everyWayOfReading_keepsThePosition() throws IOException {
    try (InputStream in = Body.of(CONTENT).open()) {
      assertThat(in.available()).isEqualTo(5);
      assertThat(in.skip(-1)).isZero();
      assertThat(in.skip(2)).isEqualTo(2);
      assertThat(in.read()).isEqualTo(0xFF);
      byte[] target = new byte[10];
      assertThat(in.read(target, 3, 0)).isZero();
      assertThat(in.read(target, 3, 7)).isEqualTo(2);
      assertThat(target).containsExactly(0, 0, 0, 4, 5, 0, 0, 0, 0, 0);
      assertThat(in.read(target)).isEqualTo(-1);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.skip(9)).isZero();
      assertThat(in.available()).isZero();
    }
  }

  @Test
  void open_readOutsideTheArray_isRefused() throws IOException {
    byte[] target = new byte[6];
    try (InputStream in = Body.of(CONTENT).open()) {
      assertThatThrownBy(() -> in.read(target, 0, 7)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> in.read(target, -1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> in.read(target, 0, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(in.read(target)).isEqualTo(5);
    }
  }

  @Test
  void buffer_inMemory_isReadOnlyWithItsOwnPosition() {
    Body body = Body.of(CONTENT);
    ByteBuffer one = body.buffer().orElseThrow();
    assertThat(one.isReadOnly()).isTrue();
    one.position(4);
    assertThat(body.buffer().orElseThrow().remaining()).isEqualTo(5);
    assertThat(body.length()).isEqualTo(5);
    assertThat(new Streamed(CONTENT).buffer()).isEmpty();
  }

  @Test
  void of_partOfBuffer_holdsThatPart() {
    ByteBuffer whole = ByteBuffer.wrap(CONTENT).position(1).limit(3);
    Body body = Body.of(whole);
    whole.position(3);
    assertThat(body.bytes()).containsExactly(2, 0xFF);
    ByteBuffer direct = ByteBuffer.allocateDirect(5).put(CONTENT).flip();
    assertThat(Body.of(direct)).isEqualTo(Body.of(CONTENT)).hasSameHashCodeAs(Body.of(CONTENT));
  }

  @Test
  void of_nothing_isEmpty() throws IOException {
    assertThat(Body.of(new byte[0])).isSameAs(Body.empty());
    assertThat(Body.of(ByteBuffer.allocate(0))).isSameAs(Body.empty());
    assertThat(Body.of("")).isSameAs(Body.empty());
    assertThat(Body.empty().length()).isZero();
    assertThat(Body.empty().bytes()).isEmpty();
    assertThat(Body.empty().open().read()).isEqualTo(-1);
    assertThat(Body.empty().buffer().orElseThrow().hasRemaining()).isFalse();
  }

  @Test
  void text_undecodable_becomesReplacementCharacter() {
    assertThat(Body.of("h\u00e9").text(StandardCharsets.UTF_8)).isEqualTo("h\u00e9");
    byte[] bad = {'a', (byte) 0xFF, 'b'};
    assertThat(Body.of(bad).text(StandardCharsets.UTF_8)).isEqualTo("a\uFFFDb");
    assertThat(new Streamed(bad).text(StandardCharsets.UTF_8)).isEqualTo("a\uFFFDb");
    assertThat(Body.of(bad).text(StandardCharsets.ISO_8859_1)).isEqualTo("a\u00ffb");
  }

  @Test
  void bytes_streamThatFailsPartWay_throws() {
    Body failing =
        new Body() {
          @Override
          public long length() {
            return 10;
          }

          @Override
          public InputStream open() {
            return new SequenceInputStream(
                new ByteArrayInputStream(CONTENT),
                new FilterInputStream(InputStream.nullInputStream()) {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("part 1 is gone");
                  }

                  @Override
                  public int read(byte[] target, int offset, int length) throws IOException {
                    return read();
                  }
                });
          }
        };
    assertThatThrownBy(failing::bytes)
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("part 1 is gone");
  }

  @Test
  void equals_bytes_decide() {
    assertThat(Body.of(CONTENT)).isEqualTo(Body.of(Arrays.copyOf(CONTENT, 5)));
    assertThat(Body.of(CONTENT)).isNotEqualTo(Body.of(Arrays.copyOf(CONTENT, 4)));
    assertThat(Body.of("s3cret")).hasToString("Body[6 bytes]");
  }
}
