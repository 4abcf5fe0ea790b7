package dev.larder.dynamodb;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A client that sends one operation twice and returns the second answer, as the SDK does when the
 * first one is lost.
 */
final class SendsTwice {
  private SendsTwice() {}

  static DynamoDbClient of(DynamoDbClient client, String method) {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (proxy, called, arguments) -> {
              try {
                if (called.getName().equals(method)) {
                  called.invoke(client, arguments);
                }
                return called.invoke(client, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
