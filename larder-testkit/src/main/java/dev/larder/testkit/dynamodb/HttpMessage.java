package dev.larder.testkit.dynamodb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request or an answer as it goes over the wire (RFC 9112), as far as DynamoDB and its clients
 * use that. Immutable, apart from the array of the content, which nobody changes.
 */
final class HttpMessage {
  private static final int MAX_LINE = 64 * 1024;

  /** The start line and the field lines, without line ends. */
  private final List<String> head;

  private final byte[] body;

  private HttpMessage(List<String> head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /** The content. */
  byte[] body() {
    return body;
  }

  /** Reads start line and fields; empty where the other side has closed the connection before. */
  static Optional<HttpMessage> readHead(InputStream in) throws IOException {
    List<String> head = new ArrayList<>();
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      head.add(line);
    }
    return head.isEmpty() ? Optional.empty() : Optional.of(new HttpMessage(head, new byte[0]));
  }

  /** Reads the content that goes with this head. */
  HttpMessage readBody(InputStream in) throws IOException {
    boolean chunked = field("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
    return new HttpMessage(head, chunked ? readChunks(in) : readExactly(in, length()));
  }

  /** The length that the head announces; 0 if it does not. */
  int length() throws ProtocolException {
    try {
      return Integer.parseInt(field("Content-Length").orElse("0"));
    } catch (NumberFormatException e) {
      throw new ProtocolException("not a length: " + field("Content-Length"));
    }
  }

  /** The value of the first field of this name. */
  Optional<String> field(String name) {
    return head.stream()
        .skip(1)
        .filter(line -> isNamed(line, name))
        .map(line -> line.substring(name.length() + 1).trim())
        .findFirst();
  }

  /** This message without fields of this name. */
  HttpMessage without(String name) {
    List<String> rest = new ArrayList<>(head);
    rest.subList(1, rest.size()).removeIf(line -> isNamed(line, name));
    return new HttpMessage(rest, body);
  }

  /** This message with another content, and without the checksum of what it had. */
  HttpMessage withBody(byte[] other) {
    return new HttpMessage(without("X-Amz-Crc32").head, other);
  }

  /** An answer of DynamoDB's. */
  static HttpMessage answer(int status, String json) {
    return new HttpMessage(
        List.of("HTTP/1.1 " + status + " ", "Content-Type: application/x-amz-json-1.0"),
        json.getBytes(UTF_8));
  }

  /** Sends the head, with the length of the whole content, and the first bytes of the content. */
  void write(OutputStream out, int bytes) throws IOException {
    HttpMessage bare = without("Content-Length").without("Transfer-Encoding");
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    String fields = String.join("\r\n", bare.head) + "\r\nContent-Length: " + body.length;
    message.writeBytes((fields + "\r\n\r\n").getBytes(ISO_8859_1));
    message.write(body, 0, Math.min(bytes, body.length));
    message.writeTo(out);
    out.flush();
  }

  private static boolean isNamed(String line, String name) {
    return line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(readLine(in).split(";", 2)[0].trim(), 16);
      content.writeBytes(readExactly(in, length));
      // What follows a chunk, or the last one, which is empty, where nobody sends trailers.
      readLine(in);
      if (length == 0) {
        return content.toByteArray();
      }
    }
  }

  private static byte[] readExactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the message ended after " + bytes.length + " of " + length);
    }
    return bytes;
  }

  /** A line without its end; empty at the end of the stream. */
  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.write(c);
      if (line.size() > MAX_LINE) {
        throw new ProtocolException("a line is longer than " + MAX_LINE);
      }
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
