package dev.larder.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What later JDKs than 17 have, where it is there. */
final class NewerJdk {
  private static final @Nullable MethodHandle SHUTDOWN = ofClient("shutdown", void.class);
  private static final @Nullable MethodHandle SHUTDOWN_NOW = ofClient("shutdownNow", void.class);
  private static final @Nullable MethodHandle CLOSE = ofClient("close", void.class);
  private static final @Nullable MethodHandle IS_TERMINATED =
      ofClient("isTerminated", boolean.class);
  private static final @Nullable MethodHandle AWAIT_TERMINATION =
      ofClient("awaitTermination", boolean.class, Duration.class);
  private static final @Nullable MethodHandle CONNECTION_LABEL =
      find(HttpResponse.class, "connectionLabel", MethodType.methodType(Optional.class));

  private NewerJdk() {}

  static void shutdown(HttpClient client) {
    invoke(SHUTDOWN, client);
  }

  static void shutdownNow(HttpClient client) {
    invoke(SHUTDOWN_NOW, client);
  }

  static void close(HttpClient client) {
    invoke(CLOSE, client);
  }

  /** Never before JDK 21, where a client ends when nothing refers to it any more. */
  static boolean isTerminated(HttpClient client) {
    return Boolean.TRUE.equals(invoke(IS_TERMINATED, client));
  }

  static boolean awaitTermination(HttpClient client, Duration duration)
      throws InterruptedException {
    if (AWAIT_TERMINATION == null) {
      return false;
    }
    try {
      return (boolean) AWAIT_TERMINATION.invoke(client, duration);
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  @SuppressWarnings("unchecked")
  static Optional<String> connectionLabel(HttpResponse<?> response) {
    Object label = invoke(CONNECTION_LABEL, response);
    return label == null ? Optional.empty() : (Optional<String>) label;
  }

  private static @Nullable Object invoke(@Nullable MethodHandle method, Object target) {
    if (method == null) {
      return null;
    }
    try {
      return method.invoke(target);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** None of these methods declares a checked exception but the one that is caught before. */
  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException(failure);
  }

  private static @Nullable MethodHandle ofClient(
      String name, Class<?> result, Class<?>... parameters) {
    return find(HttpClient.class, name, MethodType.methodType(result, parameters));
  }

  private static @Nullable MethodHandle find(Class<?> type, String name, MethodType signature) {
    try {
      return MethodHandles.publicLookup().findVirtual(type, name, signature);
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }
}
