package dev.larder.testkit;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * An HTTP/1.1 origin on 127.0.0.1 for tests and demonstrations: it answers by script, records what
 * it is asked, and sends exactly the field lines it is told to, {@code Date} and wrong ones
 * included.
 *
 * <pre>{@code
 * try (ScriptedOrigin origin = ScriptedOrigin.start()) {
 *   origin.respond("/page", Answer.ok("hello").withHeader("Cache-Control", "max-age=60"));
 *   client.send(HttpRequest.newBuilder(origin.uri("/page")).build(), BodyHandlers.ofString());
 *   assertThat(origin.count("/page")).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>Answers belong to a path with its query, as the request line has it. Paths without an answer
 * get a 404. Connections are kept alive; request bodies may have a {@code Content-Length} or come
 * in chunks; {@code Expect: 100-continue} is answered. Needs no JUnit. Thread-safe.
 */
public final class ScriptedOrigin implements AutoCloseable {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final ServerSocket server;
  private final Thread acceptor;
  private final Map<String, Deque<Answer>> queues = new HashMap<>();
  private final Map<String, Function<Request, Answer>> scripts = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final Set<Connection> connections = new HashSet<>();
  private boolean closed;

  /**
   * A request as it arrived.
   *
   * @param method as sent
   * @param path path and query, as sent
   * @param headers the field lines
   * @param body the content; empty if there was none
   */
  public record Request(String method, String path, Headers headers, Body body) {}

  private ScriptedOrigin(ServerSocket server) {
    this.server = server;
    this.acceptor = new Thread(this::accept, "scripted-origin-" + server.getLocalPort());
    acceptor.setDaemon(true);
  }

  /**
   * An origin on a free port.
   *
   * @throws UncheckedIOException if no port can be opened
   */
  public static ScriptedOrigin start() {
    try {
      ScriptedOrigin origin =
          new ScriptedOrigin(new ServerSocket(0, 50, InetAddress.getByAddress(LOOPBACK)));
      origin.acceptor.start();
      return origin;
    } catch (IOException e) {
      throw new UncheckedIOException("no port can be opened on 127.0.0.1", e);
    }
  }

  /**
   * The URI of a path on this origin.
   *
   * @param path path and query, beginning with a slash
   */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  /** Answers every request for the path so from now on, in place of what was said before. */
  public synchronized void respond(String path, Answer answer) {
    respond(path, request -> answer);
  }

  /**
   * Answers the next requests for the path with these in turn, behind those already waiting, and
   * the ones after them as {@link #respond(String, Answer)} says.
   */
  public synchronized void enqueue(String path, Answer... answers) {
    queues.computeIfAbsent(path, p -> new ArrayDeque<>()).addAll(List.of(answers));
  }

  /**
   * Answers every request for the path with what the function says, in place of what was said
   * before. The function may be called by several threads at once; if it throws, the connection is
   * closed without an answer.
   */
  public synchronized void respond(String path, Function<Request, Answer> script) {
    queues.remove(path);
    scripts.put(path, script);
  }

  /** Every request so far, in the order of arrival; a copy. */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The requests for a path so far. */
  public List<Request> requests(String path) {
    return requests().stream().filter(request -> request.path().equals(path)).toList();
  }

  /** How many requests for a path there were. */
  public int count(String path) {
    return requests(path).size();
  }

  /** How many requests there were. */
  public int count() {
    return requests().size();
  }

  /** Forgets the requests so far; answers stay. */
  public synchronized void forgetRequests() {
    requests.clear();
  }

  /**
   * Closes the port and all connections and waits for the threads to end, at most some seconds.
   * Answers that still wait are not sent. May be repeated.
   */
  @Override
  public void close() {
    List<Thread> threads = new ArrayList<>(List.of(acceptor));
    synchronized (this) {
      closed = true;
      closeQuietly(server);
      for (Connection connection : connections) {
        connection.close();
        threads.add(connection.thread());
      }
    }
    try {
      for (Thread thread : threads) {
        if (thread != Thread.currentThread()) {
          thread.join(5_000);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Records a request and finds its answer. */
  Answer answer(Request request) {
    Function<Request, Answer> script;
    synchronized (this) {
      requests.add(request);
      Deque<Answer> queue = queues.get(request.path());
      Answer next = queue == null ? null : queue.poll();
      if (next != null) {
        return next;
      }
      script = scripts.getOrDefault(request.path(), ScriptedOrigin::notScripted);
    }
    return script.apply(request);
  }

  private static Answer notScripted(Request request) {
    String text = "no answer is scripted for " + request.path();
    return Answer.of(404, Headers.of("Content-Type", "text/plain"), Body.of(text));
  }

  synchronized void ended(Connection connection) {
    connections.remove(connection);
  }

  private void accept() {
    try {
      while (true) {
        start(server.accept());
      }
    } catch (IOException portClosed) {
      closeQuietly(server);
    }
  }

  private synchronized void start(Socket socket) {
    if (closed) {
      closeQuietly(socket);
      return;
    }
    Connection connection = new Connection(this, socket);
    connections.add(connection);
    connection.thread().start();
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception alreadyBroken) {
      // It is not used any more, whichever way it ended.
    }
  }

  @Override
  public String toString() {
    return "ScriptedOrigin[" + uri("/") + ']';
  }
}
