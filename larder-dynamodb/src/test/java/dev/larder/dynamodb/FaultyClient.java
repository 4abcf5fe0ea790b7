package dev.larder.dynamodb;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A client whose answers to one kind of request are made up, above the SDK. */
final class FaultyClient {
  private FaultyClient() {}

  /**
   * Answers requests of one type by a function, and all others by the real client.
   *
   * @param operation the client's method, such as {@code batchWriteItem}
   */
  static <Q, R> DynamoDbClient answering(
      DynamoDbClient real, String operation, Class<Q> type, Function<Q, R> answer) {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (object, method, arguments) -> {
              if (method.getName().equals(operation)
                  && arguments != null
                  && type.isInstance(arguments[0])) {
                return answer.apply(type.cast(arguments[0]));
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
