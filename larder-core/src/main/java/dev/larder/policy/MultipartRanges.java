package dev.larder.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands around the parts of a {@code multipart/byteranges} content (RFC 9110 §14.6): {@link
 * #before} of each part, the bytes of the part, at last {@link #end}. Immutable.
 */
public final class MultipartRanges {
  private static final int MAX_BOUNDARY = 70;

  private final String boundary;
  private final List<byte[]> heads;
  private final byte[] end;
  private final long length;

  MultipartRanges(
      List<ByteRange> ranges, long completeLength, Optional<String> contentType, String boundary) {
    if (!FieldValues.isToken(boundary) || boundary.length() > MAX_BOUNDARY) {
      throw new IllegalArgumentException(
          "boundary must be 1 to 70 token characters (RFC 2046 §5.1.1): " + boundary);
    }
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one range");
    }
    this.boundary = boundary;
    this.heads = new ArrayList<>(ranges.size());
    this.end = latin1("\r\n--" + boundary + "--\r\n");
    long total = end.length;
    for (ByteRange range : ranges) {
      byte[] head =
          latin1(
              (heads.isEmpty() ? "--" : "\r\n--")
                  + boundary
                  + contentType.map(type -> "\r\nContent-Type: " + type).orElse("")
                  + "\r\nContent-Range: bytes "
                  + range.first()
                  + '-'
                  + range.last()
                  + '/'
                  + completeLength
                  + "\r\n\r\n");
      heads.add(head);
      total += head.length + range.length();
    }
    this.length = total;
  }

  /** The Content-Type of the response. */
  public String contentType() {
    return "multipart/byteranges; boundary=" + boundary;
  }

  /** The bytes before a part, counted from 0: a new array. */
  public byte[] before(int part) {
    return heads.get(part).clone();
  }

  /** The bytes behind the last part: a new array. */
  public byte[] end() {
    return end.clone();
  }

  /** The length of all of it: the Content-Length of the response. */
  public long length() {
    return length;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
