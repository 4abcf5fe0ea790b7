package dev.larder.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Programs that tests run in processes of their own. */
final class ChildProgram {
  private ChildProgram() {}

  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "obey" -> obey(Path.of(arguments[1]));
      case "lock" -> lock(Path.of(arguments[1]));
      case "use" -> {
        try (var dynamo = EmbeddedDynamoDb.inMemory()) {
          use(dynamo);
        }
      }
      case "forget" -> use(EmbeddedDynamoDb.inMemory());
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void use(EmbeddedDynamoDb dynamo) {
    Tables.create(dynamo.client());
    Tables.put(dynamo.client(), "pear");
    Tables.count(dynamo.client(), "pear");
    if (!Tables.has(dynamo.client(), "pear")) {
      throw new IllegalStateException("lost a pear");
    }
  }

  /** Carries out one command per line and answers each with a line; ends with its input. */
  private static void obey(Path directory) throws IOException {
    try (var dynamo = EmbeddedDynamoDb.inFile(directory)) {
      System.out.println(dynamo.endpoint());
      BufferedReader commands = input();
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
          case "create" -> {
            Tables.create(dynamo.client());
            System.out.println("done");
          }
          case "put" -> {
            Tables.put(dynamo.client(), words[1]);
            System.out.println("done");
          }
          case "has" -> System.out.println(Tables.has(dynamo.client(), words[1]));
          case "endpoint" -> System.out.println(dynamo.endpoint());
          default -> throw new IllegalArgumentException(line);
        }
      }
    }
  }

  /** An owner that stops between taking the lock and serving. */
  private static void lock(Path directory) throws IOException {
    try (DirectoryLock lock = DirectoryLock.tryAcquire(directory)) {
      System.out.println(lock == null ? "taken" : "locked");
      String unused = input().readLine();
    }
  }

  private static BufferedReader input() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }
}
