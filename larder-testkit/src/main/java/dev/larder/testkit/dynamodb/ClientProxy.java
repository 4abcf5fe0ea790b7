package dev.larder.testkit.dynamodb;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbWaiter;

/**
 * A {@link DynamoDbClient} each of whose operations goes through one {@link Interceptor}. The
 * convenience forms of an operation (with a consumer, without arguments, paginated) are default
 * methods that call the form with a request object; they run on the proxy and so arrive at the
 * interceptor as well. Everything else is the wrapped client's.
 */
final class ClientProxy implements InvocationHandler {
  /** Sees every operation. */
  @FunctionalInterface
  interface Interceptor {
    /**
     * Carries out an operation or does something else instead.
     *
     * @param operation its name as the API has it, such as {@code GetItem}
     */
    DynamoDbResponse call(String operation, DynamoDbRequest request, Operation real);
  }

  /** An operation on the wrapped client. */
  @FunctionalInterface
  interface Operation {
    DynamoDbResponse call(DynamoDbRequest request);
  }

  private final DynamoDbClient client;
  private final Interceptor interceptor;

  private ClientProxy(DynamoDbClient client, Interceptor interceptor) {
    this.client = client;
    this.interceptor = interceptor;
  }

  static DynamoDbClient wrap(DynamoDbClient client, Interceptor interceptor) {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            new ClientProxy(client, interceptor));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] args = arguments == null ? new Object[0] : arguments;
    boolean operation = DynamoDbResponse.class.isAssignableFrom(method.getReturnType());
    if (operation && args.length == 1 && args[0] instanceof DynamoDbRequest request) {
      return interceptor.call(
          apiName(method), request, other -> (DynamoDbResponse) unwrapped(method, other));
    }
    if (method.getName().equals("waiter")) {
      return DynamoDbWaiter.builder().client((DynamoDbClient) proxy).build();
    }
    if (operation || method.getName().endsWith("Paginator")) {
      return InvocationHandler.invokeDefault(proxy, method, args);
    }
    if (method.getName().equals("equals")) {
      return proxy == args[0];
    }
    return unwrapped(method, args);
  }

  private Object unwrapped(Method method, Object... args) {
    try {
      return method.invoke(client, args);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("the client threw a checked exception", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("the client's methods cannot be called", e);
    }
  }

  private static String apiName(Method method) {
    String name = method.getName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
