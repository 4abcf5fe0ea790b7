package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A body in parts, read each time it is opened. */
final class PartsBody implements Body {
  private final Parts parts;
  private final EntryHead head;
  private final PartList list;
  private final Map<String, Map<String, AttributeValue>> fetched;

  /**
   * A body in parts.
   *
   * @param fetched items that have been read already, by their keys
   */
  PartsBody(
      Parts parts,
      EntryHead head,
      PartList list,
      Map<String, Map<String, AttributeValue>> fetched) {
    this.parts = parts;
    this.head = head;
    this.list = list;
    this.fetched = fetched;
  }

  PartList list() {
    return list;
  }

  /** This body, to be read from these items as far as they are its parts. */
  PartsBody with(Map<String, Map<String, AttributeValue>> items) {
    return new PartsBody(parts, head, list, items);
  }

  @Override
  public long length() {
    return head.length();
  }

  @Override
  public InputStream open() {
    if (head.length() <= parts.layout().prefetchBytes()) {
      return new ByteArrayInputStream(bytes());
    }
    checkLength();
    return PartsStream.open(reader(), head, list.count());
  }

  @Override
  public byte[] bytes() {
    checkLength();
    byte[] all = read();
    parts.remember(head, list);
    return all;
  }

  private byte[] read() {
    try (PartReader reader = reader()) {
      if (list.count() == 1) {
        byte[] only = reader.next();
        // Not the length that is said, but the one that was met, decides.
        return only.length == head.length() ? only : wrongLength(only.length);
      }
      byte[] all = new byte[Math.toIntExact(head.length())];
      int length = 0;
      while (reader.hasNext()) {
        byte[] part = reader.next();
        if (part.length > all.length - length) {
          return wrongLength((long) length + part.length);
        }
        System.arraycopy(part, 0, all, length, part.length);
        length += part.length;
      }
      return length == all.length ? all : wrongLength(length);
    }
  }

  private PartReader reader() {
    return new PartReader(parts, head, list, fetched);
  }

  /** Not in memory: asking must cost nothing. */
  @Override
  public Optional<ByteBuffer> buffer() {
    return Optional.empty();
  }

  /** An item may say anything; memory is taken for what this cache would store itself. */
  private void checkLength() {
    if (head.length() > parts.layout().maxBytes()) {
      throw new LarderException(
          "the body of entry \""
              + head.key()
              + "\" has "
              + head.length()
              + " bytes, more than the maxBodyBytes of this cache, "
              + parts.layout().maxBytes());
    }
  }

  private byte[] wrongLength(long length) {
    throw new LarderException(
        "the parts of the body of entry \""
            + head.key()
            + "\" have "
            + length
            + " bytes or more but should have "
            + head.length());
  }
}
