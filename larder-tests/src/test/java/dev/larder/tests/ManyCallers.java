package dev.larder.tests;

import dev.larder.CacheSettings;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.jdk.CachingHttpClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A process with many threads that all ask for one URL when they are told to. Arguments: a name,
 * DynamoDB's endpoint, the URL, the lease in milliseconds, the hash of the right body.
 */
final class ManyCallers {
  static final int THREADS = 50;

  /** The request field that tells the origin which process asks. */
  static final String NAME = "X-Process";

  private ManyCallers() {}

  public static void main(String[] arguments) throws Exception {
    CacheSettings settings =
        CacheSettings.builder()
            .leaseDuration(Duration.ofMillis(Long.parseLong(arguments[3])))
            .collapseWait(Duration.ofMinutes(2))
            .listener(event -> System.err.println(event))
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(arguments[2])).header(NAME, arguments[0]).build();
    int right = Integer.parseInt(arguments[4]);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (DynamoDbCache cache = open(URI.create(arguments[1]), settings)) {
      CachingHttpClient client = CachingHttpClient.builder(cache).build();
      // The first look-up of a process loads a thousand classes.
      cache.contains("warm");
      System.out.println("ready");
      System.in.read();
      CountDownLatch asking = new CountDownLatch(THREADS);
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        answers.add(
            threads.submit(
                () -> {
                  asking.countDown();
                  return client.send(request, BodyHandlers.ofString()).body().hashCode() == right;
                }));
      }
      asking.await();
      System.out.println("asking");
      int wrong = 0;
      for (Future<Boolean> answer : answers) {
        wrong += answer.get() ? 0 : 1;
      }
      System.out.println("answers " + answers.size() + " wrong " + wrong);
    } finally {
      threads.shutdown();
    }
  }

  private static DynamoDbCache open(URI dynamoDb, CacheSettings settings) {
    return DynamoDbCache.builder()
        .endpoint(dynamoDb)
        .region("eu-central-1")
        .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
        .settings(settings)
        .build();
  }
}
