package dev.larder.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Jetty's transport, which is shown the heads of responses as {@link ResponseHeads} has them. */
final class OriginTransport extends HttpClientTransportOverHTTP {
  private static final int BUFFER_BYTES = 8 << 10;

  private final int largestHead;

  /** A transport for heads of at most so many bytes. */
  OriginTransport(int largestHead) {
    this.largestHead = largestHead;
  }

  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context)
      throws IOException {
    return super.newConnection(new Source(endPoint, largestHead).asEndPoint(), context);
  }

  /**
   * What a connection is read from. Its bytes are a head, then, unchanged, a body up to where Jetty
   * sees its end, then the next head. After a CONNECT they are another protocol's.
   */
  private static final class Source {
    private final EndPoint endPoint;
    private final int largestHead;

    private ResponseHeads heads;
    private ByteBuffer ready = BufferUtil.EMPTY_BUFFER;
    private boolean inBody;
    private boolean upgraded;
    private long responses;

    Source(EndPoint endPoint, int largestHead) {
      this.endPoint = endPoint;
      this.largestHead = largestHead;
      this.heads = new ResponseHeads(largestHead);
    }

    /** By reflection, so that nothing that an end point can do is left out, now or later. */
    EndPoint asEndPoint() {
      return (EndPoint)
          Proxy.newProxyInstance(
              EndPoint.class.getClassLoader(),
              new Class<?>[] {EndPoint.class},
              (proxy, method, arguments) ->
                  method.getName().equals("fill")
                      ? fill((ByteBuffer) arguments[0])
                      : delegate(method, arguments));
    }

    private @Nullable Object delegate(Method method, Object @Nullable [] arguments)
        throws Throwable {
      upgraded |= method.getName().equals("upgrade");
      try {
        return method.invoke(endPoint, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    /** As {@link EndPoint#fill} has it: how many bytes came, none yet, or -1 at the end. */
    private int fill(ByteBuffer target) throws IOException {
      if (ready.hasRemaining()) {
        return BufferUtil.append(target, ready);
      }
      long complete = endPoint.getConnection().getMessagesIn();
      if (inBody && complete > responses) {
        inBody = false;
        heads = new ResponseHeads(largestHead);
      }
      responses = complete;
      return inBody || upgraded ? endPoint.fill(target) : fillHead(target);
    }

    private int fillHead(ByteBuffer target) throws IOException {
      ByteBuffer buffer = BufferUtil.allocate(BUFFER_BYTES);
      int count = 1;
      while (count > 0 && !heads.isReady()) {
        BufferUtil.clear(buffer);
        count = endPoint.fill(buffer);
        heads.add(BufferUtil.toArray(buffer));
      }
      if (count == 0) {
        return 0;
      }
      if (count < 0) {
        heads.end();
      }
      ready = ByteBuffer.wrap(heads.take());
      inBody = heads.isComplete();
      return ready.hasRemaining() ? BufferUtil.append(target, ready) : count;
    }
  }
}
