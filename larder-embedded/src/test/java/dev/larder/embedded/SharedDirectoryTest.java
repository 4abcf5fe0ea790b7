package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The scenarios told at {@link FileHost}, with processes that are really killed. */
// Closing one before the end of its block is what several tests are about.
@SuppressWarnings("try")
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedDirectoryTest {
  private final Path temporary;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  SharedDirectoryTest(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void inFile_openedAgain_hasWhatWasWritten() {
    Path missing = temporary.resolve("a/b");
    try (var first = EmbeddedDynamoDb.inFile(missing)) {
      Tables.create(first.client());
      Tables.put(first.client(), "pear");
    }
    try (var second = EmbeddedDynamoDb.inFile(missing)) {
      assertThat(Tables.has(second.client(), "pear")).isTrue();
    }
  }

  @Test
  void inFile_notADirectory_saysWhatToGive() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));

    assertThatThrownBy(() -> EmbeddedDynamoDb.inFile(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("give a directory");
  }

  @Test
  void inFile_databaseUnreadable_saysWhichAndLetsTheNextTry() throws IOException {
    Path database = temporary.resolve("shared-local-instance.db");
    Files.writeString(database, "this is no database, however long one looks at it. ".repeat(100));

    assertThatThrownBy(() -> EmbeddedDynamoDb.inFile(temporary))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(database.toRealPath().toString())
        .hasMessageContaining("move it away");

    Files.delete(database);
    try (var next = EmbeddedDynamoDb.inFile(temporary)) {
      assertThat(next.client().listTables().tableNames()).isEmpty();
    }
  }

  @Test
  void close_owner_leavesNoPortFileAndFreesTheLock() throws IOException {
    EmbeddedDynamoDb.inFile(temporary).close();

    assertThat(temporary.resolve(PortFile.FILE)).doesNotExist();
    try (DirectoryLock lock = DirectoryLock.tryAcquire(temporary.toRealPath())) {
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void inFile_secondInstanceInThisProcess_usesTheServerOfTheFirst() {
    try (var first = EmbeddedDynamoDb.inFile(temporary);
        var second = EmbeddedDynamoDb.inFile(temporary)) {
      Tables.create(first.client());

      assertThat(second.endpoint()).isEqualTo(first.endpoint());
      assertThat(second.client().listTables().tableNames()).containsExactly(Tables.WORDS);
    }
  }

  /** On POSIX the second instance's attempt could drop the first one's lock. */
  @Test
  void inFile_secondInstanceInThisProcess_otherProcessesStayGuests() throws Exception {
    try (var first = EmbeddedDynamoDb.inFile(temporary);
        var second = EmbeddedDynamoDb.inFile(temporary)) {
      second.close();
      try (Child child = Child.obeying(temporary)) {
        assertThat(child.tell("endpoint")).isEqualTo(first.endpoint().toString());
      }
    }
  }

  @Test
  void close_firstOfTwoInThisProcess_secondTakesOver() {
    try (var first = EmbeddedDynamoDb.inFile(temporary);
        var second = EmbeddedDynamoDb.inFile(temporary)) {
      Tables.create(first.client());
      Tables.put(second.client(), "pear");
      URI before = second.endpoint();
      first.close();

      assertThat(Tables.has(second.client(), "pear")).isTrue();
      assertThat(second.endpoint()).isNotEqualTo(before);
    }
  }

  @Test
  void inFile_otherProcessKilled_survivorReadsWhatItWrote() throws Exception {
    try (Child owner = Child.obeying(temporary)) {
      owner.tell("create");
      try (var guest = EmbeddedDynamoDb.inFile(temporary)) {
        assertThat(guest.endpoint().toString()).isEqualTo(owner.tell("endpoint"));
        Tables.put(guest.client(), "guest's");
        owner.tell("put owner's");
        owner.kill();

        assertThat(Tables.has(guest.client(), "owner's")).isTrue();
        assertThat(Tables.has(guest.client(), "guest's")).isTrue();
      }
    }
  }

  @Test
  void inFile_otherProcessEnds_survivorReadsWhatItWrote() throws Exception {
    try (Child owner = Child.obeying(temporary)) {
      owner.tell("create");
      try (var guest = EmbeddedDynamoDb.inFile(temporary)) {
        owner.tell("put pear");
        owner.finish();

        assertThat(Tables.has(guest.client(), "pear")).isTrue();
      }
    }
  }

  /** A port file of the killed owner is lying about when the next one comes. */
  @Test
  void inFile_afterOwnerWasKilled_startsOnItsFile() throws Exception {
    try (Child owner = Child.obeying(temporary)) {
      owner.tell("create");
      owner.tell("put pear");
      owner.kill();
    }
    assertThat(temporary.resolve(PortFile.FILE)).exists();
    try (var next = EmbeddedDynamoDb.inFile(temporary)) {
      assertThat(Tables.has(next.client(), "pear")).isTrue();
    }
  }

  @Test
  void inFile_ownerKilledBetweenLockAndPublication_nextServes() throws Exception {
    try (Child owner = Child.locking(temporary.toRealPath())) {
      Future<EmbeddedDynamoDb> opening = threads.submit(() -> EmbeddedDynamoDb.inFile(temporary));
      owner.kill();

      try (var next = opening.get()) {
        assertThat(next.client().listTables().tableNames()).isEmpty();
      }
    }
  }

  @Test
  void inFile_lockHeldAndNobodyServes_saysSo() throws Exception {
    Path directory = temporary.toRealPath();
    try (Child owner = Child.locking(directory)) {
      assertThatThrownBy(() -> FileHost.open(directory, Duration.ofMillis(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(directory.resolve(DirectoryLock.FILE).toString())
          .hasMessageContaining("suspended");
      owner.finish();
    }
  }

  /**
   * The killed owner's port belongs to another program now, and that answers everything with 200.
   */
  @Test
  void inFile_publishedPortIsAForeignProgram_isNotUsed() throws Exception {
    Path directory = temporary.toRealPath();
    try (var foreign = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Future<?> serving = threads.submit(() -> answerHello(foreign));
      var portFile = new PortFile(directory);
      portFile.publish(new ServerAddress(foreign.getLocalPort(), "the dead owner's token"));

      try (Child owner = Child.locking(directory)) {
        assertThatThrownBy(() -> FileHost.open(directory, Duration.ofMillis(1)))
            .isInstanceOf(IllegalStateException.class);
        owner.finish();
      }
      try (var next = EmbeddedDynamoDb.inFile(directory)) {
        assertThat(next.endpoint().getPort()).isNotEqualTo(foreign.getLocalPort());
        assertThat(next.client().listTables().tableNames()).isEmpty();
      }
      assertThat(serving).isNotDone();
    }
  }

  @Test
  void inFile_ownerKilled_allGuestsAgreeOnOneSuccessor() throws Exception {
    var guests = new ArrayList<EmbeddedDynamoDb>();
    try (Child owner = Child.obeying(temporary);
        Child otherGuest = Child.obeying(temporary)) {
      owner.tell("create");
      owner.tell("put pear");
      for (int i = 0; i < 3; i++) {
        guests.add(EmbeddedDynamoDb.inFile(temporary));
      }
      owner.kill();

      var reads = new ArrayList<Callable<Boolean>>();
      for (EmbeddedDynamoDb guest : guests) {
        reads.add(() -> Tables.has(guest.client(), "pear"));
        reads.add(() -> Tables.has(guest.client(), "pear"));
      }
      reads.add(() -> otherGuest.tell("has pear").equals("true"));
      for (Future<Boolean> read : threads.invokeAll(reads)) {
        assertThat(read.get()).isTrue();
      }

      String successor = otherGuest.tell("endpoint");
      assertThat(guests).extracting(guest -> guest.endpoint().toString()).containsOnly(successor);
    } finally {
      guests.forEach(EmbeddedDynamoDb::close);
    }
  }

  @Test
  void close_ownerWhileGuestsWrite_losesNothingAndNobodyNotices() throws Exception {
    int writers = 4;
    int words = 60;
    try (var owner = EmbeddedDynamoDb.inFile(temporary);
        var guest = EmbeddedDynamoDb.inFile(temporary)) {
      Tables.create(owner.client());
      var underWay = new CountDownLatch(writers * 10);
      List<Future<?>> writing = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        String prefix = "w" + writer + "-";
        writing.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < words; i++) {
                    Tables.put(guest.client(), prefix + i);
                    underWay.countDown();
                  }
                }));
      }
      underWay.await();
      owner.close();
      for (Future<?> one : writing) {
        one.get();
      }

      assertThat(guest.client().scan(scan -> scan.tableName(Tables.WORDS)).count())
          .isEqualTo(writers * words);
    }
  }

  /** The SDK enforces its timeouts by interrupting the caller, whose call starts the server. */
  @Test
  void client_timeoutShorterThanATakeover_laterCallsFindTheSuccessor() throws Exception {
    try (Child owner = Child.obeying(temporary);
        var guest = EmbeddedDynamoDb.inFile(temporary);
        DynamoDbClient hasty =
            guest
                .configure(DynamoDbClient.builder())
                .overrideConfiguration(settings -> settings.apiCallTimeout(Duration.ofMillis(150)))
                .build()) {
      owner.tell("create");
      owner.kill();

      assertThat(untilAnswered(hasty)).containsExactly(Tables.WORDS);
    }
  }

  @Test
  void close_whileOpeningWaits_endsTheWait() throws Exception {
    Path directory = temporary.toRealPath();
    try (Child owner = Child.obeying(directory)) {
      var guest = EmbeddedDynamoDb.inFile(directory);
      owner.kill();
      try (Child holder = Child.locking(directory)) {
        Future<?> call = threads.submit(() -> guest.client().listTables());
        guest.close();

        assertThat(call).failsWithin(Duration.ofSeconds(20));
        holder.finish();
      }
    }
  }

  private static List<String> untilAnswered(DynamoDbClient client) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        return client.listTables().tableNames();
      } catch (SdkClientException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private static void answerHello(ServerSocket foreign) {
    while (!foreign.isClosed()) {
      try (Socket caller = foreign.accept()) {
        caller
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        assertThat(e).as("the caller went away, or the test is over").isNotNull();
      }
    }
  }
}
