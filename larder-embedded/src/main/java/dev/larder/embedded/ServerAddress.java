package dev.larder.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A server's port together with a random token that only this server answers with, so that another
 * program which has since been given the port is not mistaken for it.
 *
 * <p>Asking goes over a bare socket: an HTTP client could be redirected by the program's proxy,
 * cache or cookie settings, and the answer is one line.
 *
 * @param port on 127.0.0.1
 * @param token what the server says at {@link #IDENTITY_PATH}
 */
record ServerAddress(int port, String token) {
  static final String IDENTITY_PATH = "/larder-identity";

  /** For whoever may be on the port. */
  private static final int TIMEOUT_MILLIS = 2000;

  /** For a server of ours that is opening its database, on a machine that may be busy. */
  private static final int OPENING_MILLIS = 60_000;

  private static final int LONGEST_ANSWER = 8192;

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Whether the server with this token answers here now. */
  boolean answers() {
    try {
      String answer = exchange("GET " + IDENTITY_PATH + " HTTP/1.0\r\n\r\n", TIMEOUT_MILLIS);
      return succeeded(answer) && answer.endsWith("\r\n\r\n" + token);
    } catch (IOException e) {
      return false;
    }
  }

  /** Lists the tables, which makes the server open its database; returns what it answered. */
  String listTables() throws IOException {
    return exchange(
        "POST / HTTP/1.0\r\n"
            + "Content-Type: application/x-amz-json-1.0\r\n"
            + "X-Amz-Target: DynamoDB_20120810.ListTables\r\n"
            + "X-Amz-Date: 20260101T000000Z\r\n"
            + "Authorization: AWS4-HMAC-SHA256 Credential=larder/20260101/us-east-1/dynamodb/"
            + "aws4_request, SignedHeaders=host, Signature=00\r\n"
            + "Content-Length: 2\r\n\r\n{}",
        OPENING_MILLIS);
  }

  static boolean succeeded(String answer) {
    return answer.startsWith("HTTP/1.1 200 ");
  }

  /** A foreign program may accept and say nothing, or never stop: both ends are bounded. */
  private String exchange(String request, int timeoutMillis) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
          timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.ISO_8859_1);
    }
  }
}
