package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.http.Body;
import dev.larder.http.EntryFilter;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.WriteResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Nothing is visible before commit, everything after. */
abstract class WriterContract extends StorageContractGroup {
  WriterContract(ResponseStorageContract contract) {
    super(contract);
  }

  static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private EntryWriter writer() {
    return storage.write(head("k").status(201).build(), Precondition.none());
  }

  @Test
  void write_beforeCommit_isInvisible() {
    try (EntryWriter writer = writer()) {
      writer.write(ascii("new"));
      writer.write(ByteBuffer.wrap(SampleBody.random(SampleBody.LARGE)));
      assertThat(read("k")).isEmpty();
      assertThat(storage.count()).isZero();
      assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.all())))).isEmpty();
      assertThat(writer.commit().published()).isTrue();
      assertThat(entry("k").head().length()).isEqualTo(3 + SampleBody.LARGE);
      assertThat(storage.count()).isOne();
    }
  }

  @Test
  void write_beforeCommit_leavesTheOldEntry() {
    String version = publish("k", "old");
    try (EntryWriter writer = writer()) {
      writer.write(ascii("new"));
      assertThat(bodyText("k")).isEqualTo("old");
      assertThat(entry("k").head().version()).isEqualTo(version);
      writer.commit();
    }
    assertThat(bodyText("k")).isEqualTo("new");
    assertThat(entry("k").head().status()).isEqualTo(201);
  }

  @Test
  void close_withoutCommit_leavesWhatWas() {
    String version = publish("k", "old");
    try (EntryWriter writer = writer()) {
      writer.write(ascii("new"));
      writer.write(ByteBuffer.wrap(SampleBody.random(SampleBody.LARGE)));
    }
    assertThat(bodyText("k")).isEqualTo("old");
    assertThat(entry("k").head().version()).isEqualTo(version);
  }

  @Test
  void close_withoutCommit_leavesAnAbsentKeyAbsent() {
    try (EntryWriter writer = writer()) {
      writer.write(ascii("new"));
    }
    assertThat(read("k")).isEmpty();
    assertThat(storage.count()).isZero();
  }

  @Test
  void close_afterCommitAndAgain_keepsTheEntry() {
    EntryWriter writer = writer();
    writer.write(ascii("new"));
    WriteResult result = writer.commit();
    writer.close();
    assertThatCode(writer::close).doesNotThrowAnyException();
    assertThat(entry("k").head().version()).isEqualTo(result.version());
    assertThat(bodyText("k")).isEqualTo("new");
  }

  @Test
  void useAfterClose_throwsIllegalState() {
    EntryWriter writer = writer();
    writer.close();
    writer.close();
    assertThatIllegalStateException().isThrownBy(() -> writer.write(ascii("new")));
    assertThatIllegalStateException().isThrownBy(writer::commit);
    assertThat(read("k")).isEmpty();
  }

  @Test
  void useAfterCommit_throwsIllegalState() {
    try (EntryWriter writer = writer()) {
      writer.write(ascii("new"));
      writer.commit();
      assertThatIllegalStateException().isThrownBy(() -> writer.write(ascii(" more")));
      assertThatIllegalStateException().isThrownBy(writer::commit);
    }
    assertThat(bodyText("k")).isEqualTo("new");
  }

  @Test
  void useAfterRefusedCommit_throwsIllegalState() {
    publish("k", "old");
    try (EntryWriter writer = storage.write(head("k").build(), Precondition.absent())) {
      assertThat(writer.commit().published()).isFalse();
      assertThatIllegalStateException().isThrownBy(writer::commit);
    }
    assertThat(bodyText("k")).isEqualTo("old");
  }

  @Test
  void write_bufferUsedAgain_keepsWhatItHeld() {
    ByteBuffer reused = ByteBuffer.allocate(4);
    try (EntryWriter writer = writer()) {
      for (String piece : new String[] {"abcd", "efgh", "ijkl"}) {
        reused.clear();
        reused.put(ascii(piece)).flip();
        writer.write(reused);
      }
      reused.clear();
      reused.put(ascii("XXXX"));
      writer.commit();
    }
    assertThat(bodyText("k")).isEqualTo("abcdefghijkl");
  }

  @Test
  void write_buffersOfAnyKind_takesTheRemainingBytes() {
    ByteBuffer direct = ByteBuffer.allocateDirect(8);
    direct.put(ascii("01direct")).flip().position(2);
    ByteBuffer slice = ascii("..slice..").position(2).limit(7).slice();
    try (EntryWriter writer = writer()) {
      writer.write(direct);
      writer.write(slice.asReadOnlyBuffer());
      writer.write(ascii("--window--").position(2).limit(8));
      writer.commit();
    }
    assertThat(bodyText("k")).isEqualTo("directslicewindow");
  }

  @Test
  void commit_twoWritersAtOnce_keepTheirBodiesApart() {
    try (EntryWriter one = writer();
        EntryWriter two = writer()) {
      one.write(ascii("on"));
      two.write(ascii("tw"));
      one.write(ascii("e"));
      two.write(ascii("o"));
      two.commit();
      assertThat(bodyText("k")).isEqualTo("two");
      one.commit();
      assertThat(bodyText("k")).isEqualTo("one");
    }
  }

  @Test
  void commit_checksThePreconditionThenAndNotBefore() {
    try (EntryWriter late = storage.write(head("k").build(), Precondition.absent())) {
      late.write(ascii("late"));
      publish("k", "first");
      assertThat(late.commit().published()).isFalse();
    }
    assertThat(bodyText("k")).isEqualTo("first");

    try (EntryWriter patient = storage.write(head("k").build(), Precondition.absent())) {
      patient.write(ascii("patient"));
      storage.remove("k", Precondition.none());
      assertThat(patient.commit().published()).isTrue();
    }
    assertThat(bodyText("k")).isEqualTo("patient");
  }

  @Test
  void write_bodyThatFailsHalfWay_storesNothing() {
    publish("k", "old");
    assertThatThrownBy(() -> storage.write(head("k").build(), broken(), Precondition.none()))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(bodyText("k")).isEqualTo("old");
  }

  @Test
  void write_tooLarge_isRefusedAndLeavesWhatWas() {
    long length = contract.tooLargeBodyBytes().orElse(0);
    assumeTrue(length > 0, "no limit");
    publish("k", "old");
    EntryWriter writer = writer();
    assertThatThrownBy(
            () -> {
              ByteBuffer chunk = ByteBuffer.wrap(SampleBody.random(64 * 1024));
              for (long sent = 0; sent < length; sent += chunk.capacity()) {
                writer.write(chunk.clear());
              }
              writer.commit();
            })
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessageContaining("k");
    assertThatIllegalStateException().isThrownBy(writer::commit);
    writer.close();
    assertThat(bodyText("k")).isEqualTo("old");
  }

  /** A body that can be read for 100,000 bytes and then fails. */
  static Body broken() {
    return new Body() {
      @Override
      public long length() {
        return -1;
      }

      @Override
      public InputStream open() {
        return new InputStream() {
          private int position;

          @Override
          public int read() throws IOException {
            if (position == 100_000) {
              throw new IOException("connection reset");
            }
            return position++ & 0x7F;
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            int count = Math.min(length, 100_000 - position);
            if (count == 0 && length > 0) {
              return read();
            }
            position += count;
            return count;
          }
        };
      }
    };
  }
}
