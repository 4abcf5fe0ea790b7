package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four JVMs with fifty threads each want one URL that nobody has stored, with leases: the origin is
 * asked once. It answers when all of them are waiting.
 */
@Timeout(180)
class ManyProcessesTest {
  private static final int PROCESSES = 4;
  private static final String PATH = "/report";
  private static final String BODY = "what the origin says, ".repeat(1000);

  private final EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.inMemory();
  private final ScriptedOrigin origin = ScriptedOrigin.start();
  private final List<Child> children = new ArrayList<>();

  @BeforeEach
  void createTable() {
    DynamoDbCache.builder().client(dynamoDb.client()).build().prepare();
  }

  @AfterEach
  void stop() {
    children.forEach(Child::kill);
    origin.close();
    dynamoDb.close();
  }

  private void start(Duration lease) throws IOException {
    for (int name = 0; name < PROCESSES; name++) {
      children.add(new Child(name, dynamoDb.endpoint(), origin.uri(PATH), lease));
    }
    for (Child child : children) {
      child.expect("ready");
    }
  }

  private static Answer answer() {
    return Answer.ok(BODY).withHeader("Cache-Control", "max-age=600");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void send_200CallersIn4Processes_originIsAskedOnce() throws Exception {
    CountDownLatch everybodyAsks = new CountDownLatch(1);
    origin.respond(
        PATH,
        request -> {
          await(everybodyAsks);
          return answer();
        });
    start(Duration.ofSeconds(60));
    for (Child child : children) {
      child.tell("go");
    }
    for (Child child : children) {
      child.expect("asking");
    }
    everybodyAsks.countDown();
    for (Child child : children) {
      child.expect("answers " + ManyCallers.THREADS + " wrong 0");
    }
    assertThat(origin.count()).isOne();
  }

  @Test
  void send_processDiesWhileTheOriginWorks_anotherAsksWhenItsLeaseIsOver() throws Exception {
    Duration lease = Duration.ofSeconds(3);
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch dead = new CountDownLatch(1);
    CompletableFuture<Integer> first = new CompletableFuture<>();
    origin.respond(
        PATH,
        request -> {
          if (requests.incrementAndGet() == 1) {
            first.complete(
                Integer.parseInt(request.headers().first(ManyCallers.NAME).orElseThrow()));
            await(dead);
          }
          return answer();
        });
    start(lease);
    for (Child child : children) {
      child.tell("go");
    }
    Child leader = children.get(first.get(60, TimeUnit.SECONDS));
    leader.kill();
    long begun = System.nanoTime();
    for (Child child : children) {
      if (child != leader) {
        child.expect("asking");
        child.expect("answers " + ManyCallers.THREADS + " wrong 0");
      }
    }
    dead.countDown();
    // On a busy machine everything takes its time; without leases' end it would be for ever.
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isLessThan(lease.plus(Duration.ofSeconds(20)));
    assertThat(requests).hasValue(2);
  }

  /** One process of {@link ManyCallers}. */
  private static final class Child {
    private final Process process;
    private final BufferedReader out;

    Child(int name, URI dynamoDb, URI url, Duration lease) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-Xshare:auto",
              "-cp",
              System.getProperty("java.class.path"),
              ManyCallers.class.getName(),
              Integer.toString(name),
              dynamoDb.toString(),
              url.toString(),
              Long.toString(lease.toMillis()),
              Integer.toString(BODY.hashCode()));
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    void tell(String line) throws IOException {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    void expect(String line) throws IOException {
      assertThat(out.readLine()).isEqualTo(line);
    }

    void kill() {
      process.destroyForcibly();
    }
  }
}
