package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A storage that is not in memory as far as anyone can tell, and whose calls are counted. A test
 * does something at the moment before a call takes effect, or after it has and before its caller
 * knows: what another thread could do while this one is held up there.
 */
final class WatchedStorage {
  private final ResponseStorage inner;
  private final ResponseStorage outer;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile Runnable before = () -> {};
  private volatile Runnable after = () -> {};
  private volatile String watched = "";

  /** Whether bodies are read from the storage each time they are opened. */
  volatile boolean streams;

  WatchedStorage(ResponseStorage inner) {
    this.inner = inner;
    this.outer =
        (ResponseStorage)
            Proxy.newProxyInstance(
                ResponseStorage.class.getClassLoader(),
                new Class<?>[] {ResponseStorage.class},
                (proxy, method, arguments) -> invoke(method, arguments));
  }

  ResponseStorage storage() {
    return outer;
  }

  /** The methods that have been called since this was last asked. */
  List<String> calls() {
    List<String> soFar = List.copyOf(calls);
    calls.clear();
    return soFar;
  }

  /** Does this once, before the next call of the method takes effect. */
  void before(String method, Runnable action) {
    watched = method;
    before = action;
  }

  /** Does this once, after the next call of the method has taken effect. */
  void after(String method, Runnable action) {
    watched = method;
    after = action;
  }

  private Object invoke(Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("isLocal")) {
      return false;
    }
    calls.add(method.getName());
    boolean now = method.getName().equals(watched);
    Runnable first = now ? before : () -> {};
    Runnable last = now ? after : () -> {};
    if (now) {
      watched = "";
      before = () -> {};
      after = () -> {};
    }
    first.run();
    Object result;
    try {
      result = method.invoke(inner, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      last.run();
    }
    return streams ? streamed(result) : result;
  }

  private Object streamed(Object result) {
    if (result instanceof Optional<?> found) {
      return found.map(this::streamed);
    }
    if (result instanceof Map<?, ?> found) {
      return found.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, item -> streamed(item.getValue())));
    }
    return result instanceof StoredItem.Entry entry
        ? new StoredItem.Entry(
            CacheEntry.of(entry.entry().head(), streamed(entry.entry().open().body()), -1))
        : result;
  }

  private Body streamed(Body body) {
    return new Body() {
      @Override
      public long length() {
        return body.length();
      }

      @Override
      public InputStream open() {
        calls.add("open");
        return body.open();
      }
    };
  }
}
