package dev.larder.testkit.dynamodb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A network between a DynamoDB client and DynamoDB that fails as a test says: a proxy on a free
 * port of 127.0.0.1 to which clients send in place of the real endpoint. What {@link Faults} does
 * above the SDK, this does below it, so that the SDK's own timeouts, retries and parsing take part.
 * Without orders it changes nothing.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(dynamo.endpoint())) {
 *   DynamoDbClient client = dynamo.configure(DynamoDbClient.builder())
 *       .endpointOverride(proxy.endpoint()).httpClient(http).build();
 *   proxy.next("GetItem", WireFault.resetAnswer(10));
 *   proxy.always(FaultProxy.ANY, WireFault.silent());
 *   proxy.crashAt(3, false);
 * }
 * }</pre>
 *
 * <p>Operations are named as the API has them, such as {@code GetItem}; {@link #ANY} stands for
 * each. What is ordered for a {@linkplain #at request by its number} comes first, then the {@link
 * #next} orders, oldest first and those for the operation before those for {@link #ANY}, then what
 * is to happen {@link #always}. Each attempt of the SDK's is a request here.
 *
 * <p>Speaks plain HTTP/1.1, one connection behind for each one in front, and holds a request and
 * its answer in memory. Some faults change a request, so the endpoint must be one that does not
 * check signatures, such as DynamoDB Local. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
  /** Every operation. */
  public static final String ANY = Faults.ANY;

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 200;
  private static final Duration HOLD_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration HOLD_PAUSE = Duration.ofMillis(1);

  private final URI target;
  private final InetSocketAddress address;
  private final Map<Integer, WireFault> byNumber = new HashMap<>();
  private final Map<String, Queue<WireFault>> orders = new HashMap<>();
  private final Map<String, WireFault> rules = new HashMap<>();
  private final List<String> operations = new ArrayList<>();
  private final Set<ProxyConnection> connections = new HashSet<>();
  private @Nullable ServerSocket server;
  private @Nullable Socket placeholder;
  private boolean closed;
  private int crashesAt;

  private FaultProxy(URI target, ServerSocket server) {
    this.target = target;
    this.server = server;
    this.address = (InetSocketAddress) server.getLocalSocketAddress();
  }

  /**
   * A proxy on a free port.
   *
   * @param endpoint where DynamoDB is; {@code http} only
   * @throws IllegalArgumentException if the endpoint is not {@code http} with host and port
   * @throws UncheckedIOException if no port can be opened
   */
  public static FaultProxy to(URI endpoint) {
    if (!"http".equals(endpoint.getScheme())
        || endpoint.getHost() == null
        || endpoint.getPort() < 0) {
      throw new IllegalArgumentException(
          "the endpoint must be http with a host and a port, but is " + endpoint);
    }
    try {
      ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getByAddress(LOOPBACK));
      FaultProxy proxy = new FaultProxy(endpoint, server);
      proxy.accept(server);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("no port can be opened on 127.0.0.1", e);
    }
  }

  /** Where clients are to send. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  URI target() {
    return target;
  }

  /** Does this to the next request of an operation. */
  public FaultProxy next(String operation, WireFault fault) {
    return next(1, operation, fault);
  }

  /** Does this to the next requests of an operation. */
  public synchronized FaultProxy next(int count, String operation, WireFault fault) {
    for (int i = 0; i < count; i++) {
      orders.computeIfAbsent(operation, name -> new ArrayDeque<>()).add(fault);
    }
    return this;
  }

  /**
   * Does this to every request of an operation from now on, in place of what was said of that
   * operation before.
   */
  public synchronized FaultProxy always(String operation, WireFault fault) {
    rules.put(operation, fault);
    return this;
  }

  /**
   * Does this to one request, whichever operation it is.
   *
   * @param request which one, 1 being the next from now on
   * @throws IllegalArgumentException if it is less than 1
   */
  public synchronized FaultProxy at(int request, WireFault fault) {
    byNumber.put(number(request), fault);
    return this;
  }

  /**
   * Ends everything at one request, as the end of the client's process does: its connection breaks,
   * so do all others, and connections are refused from then on, until {@link #reset}.
   *
   * @param request which one, 1 being the next from now on
   * @param carriedOut whether that request is still carried out
   * @throws IllegalArgumentException if it is less than 1
   */
  public synchronized FaultProxy crashAt(int request, boolean carriedOut) {
    crashesAt = number(request);
    byNumber.put(crashesAt, carriedOut ? WireFault.lostAnswer() : WireFault.cut());
    return this;
  }

  private int number(int request) {
    if (request < 1) {
      throw new IllegalArgumentException("requests are counted from 1, but this is " + request);
    }
    return operations.size() + request;
  }

  /** Breaks all connections and refuses new ones, until {@link #reset}. */
  public FaultProxy refuse() {
    refuseAll(null);
    return this;
  }

  /**
   * Works again: forgets all orders, accepts connections, closes those of {@linkplain #waiting()
   * waiting} clients, and counts from 0.
   *
   * @throws UncheckedIOException if the port cannot be opened again
   */
  public synchronized void reset() {
    byNumber.clear();
    orders.clear();
    rules.clear();
    operations.clear();
    crashesAt = 0;
    connections.stream().filter(ProxyConnection::isWaiting).forEach(ProxyConnection::close);
    Socket held = placeholder;
    if (held == null || closed) {
      return;
    }
    closeQuietly(held);
    placeholder = null;
    try {
      ServerSocket again = new ServerSocket();
      again.setReuseAddress(true);
      again.bind(address, BACKLOG);
      server = again;
      accept(again);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + address.getPort() + " cannot be opened again", e);
    }
  }

  /** The operations of all requests so far, in the order of arrival; a copy. */
  public synchronized List<String> operations() {
    return List.copyOf(operations);
  }

  /** How many requests of an operation (or of {@link #ANY}) have arrived so far. */
  public synchronized int requests(String operation) {
    return operation.equals(ANY)
        ? operations.size()
        : (int) operations.stream().filter(operation::equals).count();
  }

  /**
   * How many requests a fault keeps waiting at this moment: those that have met {@link
   * WireFault#silent}, {@link WireFault#held} or {@link WireFault#slow}, until they are let go or
   * their client gives up.
   */
  public synchronized int waiting() {
    return (int) connections.stream().filter(ProxyConnection::isWaiting).count();
  }

  /** Closes the port and all connections. May be repeated. */
  @Override
  public synchronized void close() {
    closed = true;
    if (server != null) {
      closeQuietly(server);
    }
    if (placeholder != null) {
      closeQuietly(placeholder);
    }
    connections.forEach(ProxyConnection::close);
  }

  /** Counts a request and says what is to be done to it. */
  synchronized WireFault faultFor(String operation, ProxyConnection connection) {
    WireFault fault = choose(operation, connection);
    connection.waiting(fault.keepsWaiting());
    return fault;
  }

  private WireFault choose(String operation, ProxyConnection connection) {
    operations.add(operation);
    if (crashesAt > 0 && operations.size() >= crashesAt) {
      refuseAll(connection);
    }
    WireFault numbered = byNumber.remove(operations.size());
    if (numbered != null) {
      return numbered;
    }
    if (crashesAt > 0 && operations.size() > crashesAt) {
      // It came on a connection that was about to be closed.
      return WireFault.cut();
    }
    for (String name : new String[] {operation, ANY}) {
      Queue<WireFault> waiting = orders.get(name);
      if (waiting != null && !waiting.isEmpty()) {
        return waiting.remove();
      }
    }
    return rules.getOrDefault(operation, rules.getOrDefault(ANY, WireFault.NONE));
  }

  private synchronized void refuseAll(@Nullable ProxyConnection except) {
    for (ProxyConnection connection : connections) {
      if (connection != except) {
        connection.close();
      }
    }
    ServerSocket open = server;
    if (open == null || closed) {
      return;
    }
    closeQuietly(open);
    server = null;
    placeholder = hold();
  }

  /** Bound but not listening: connections are refused, and nobody else gets the port. */
  private Socket hold() {
    long begun = System.nanoTime();
    while (true) {
      Socket holder = new Socket();
      try {
        holder.setReuseAddress(true);
        holder.bind(address);
        return holder;
      } catch (IOException e) {
        closeQuietly(holder);
        // A port is free a moment after it is closed: when the thread that accepts has noticed.
        if (System.nanoTime() - begun > HOLD_TIMEOUT.toNanos()) {
          throw new UncheckedIOException("port " + address.getPort() + " cannot be held", e);
        }
        LockSupport.parkNanos(HOLD_PAUSE.toNanos());
      }
    }
  }

  synchronized void ended(ProxyConnection connection) {
    connections.remove(connection);
  }

  private void accept(ServerSocket from) {
    Thread acceptor = new Thread(() -> acceptAll(from), "fault-proxy-" + address.getPort());
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private void acceptAll(ServerSocket from) {
    try {
      while (true) {
        start(from.accept(), from);
      }
    } catch (IOException portClosed) {
      closeQuietly(from);
    }
  }

  private synchronized void start(Socket socket, ServerSocket from) {
    if (closed || server != from) {
      closeQuietly(socket);
      return;
    }
    try {
      ProxyConnection connection = new ProxyConnection(this, socket);
      connections.add(connection);
      connection.thread().start();
    } catch (IOException alreadyClosedByTheClient) {
      closeQuietly(socket);
    }
  }

  static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception alreadyBroken) {
      // It is not used any more, whichever way it ended.
    }
  }

  @Override
  public String toString() {
    return "FaultProxy[" + endpoint() + " to " + target + ']';
  }
}
