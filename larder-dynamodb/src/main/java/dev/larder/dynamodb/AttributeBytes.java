package dev.larder.dynamodb;

import dev.larder.serial.SerializationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Attributes as bytes, to be encrypted: a byte for the version, 1; then each attribute as name,
 * type, and value. The types are {@code S}, {@code N}, {@code B}, {@code T} and {@code F} for the
 * two truths, and {@code L} for a set of texts, preceded by their number. Names, texts and bytes
 * are preceded by their length in bytes; all numbers have four bytes.
 */
final class AttributeBytes {
  private static final int VERSION = 1;

  private AttributeBytes() {}

  static byte[] encode(Map<String, AttributeValue> attributes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      for (Map.Entry<String, AttributeValue> attribute : new TreeMap<>(attributes).entrySet()) {
        writeText(out, attribute.getKey());
        write(out, attribute.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, AttributeValue value) throws IOException {
    switch (value.type()) {
      case S -> {
        out.writeByte('S');
        writeText(out, value.s());
      }
      case N -> {
        out.writeByte('N');
        writeText(out, value.n());
      }
      case B -> {
        out.writeByte('B');
        writeBlock(out, value.b().asByteArrayUnsafe());
      }
      case BOOL -> out.writeByte(value.bool() ? 'T' : 'F');
      case SS -> {
        out.writeByte('L');
        out.writeInt(value.ss().size());
        for (String text : value.ss()) {
          writeText(out, text);
        }
      }
      default -> throw new IllegalArgumentException("heads have no attributes of " + value.type());
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    writeBlock(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void writeBlock(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * What {@link #encode} wrote.
   *
   * @throws SerializationException if it is anything else
   */
  static Map<String, AttributeValue> decode(byte[] bytes) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new SerializationException("version " + version + ", written by a newer Larder");
      }
      while (in.available() > 0) {
        attributes.put(readText(in), read(in));
      }
      return attributes;
    } catch (IOException e) {
      throw new SerializationException("it ends in the middle of an attribute", e);
    }
  }

  private static AttributeValue read(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case 'S' -> AttributeValue.fromS(readText(in));
      case 'N' -> AttributeValue.fromN(readText(in));
      case 'B' -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(readBlock(in)));
      case 'T' -> AttributeValue.fromBool(true);
      case 'F' -> AttributeValue.fromBool(false);
      case 'L' -> AttributeValue.fromSs(readTexts(in));
      default -> throw new SerializationException("an attribute has the unknown type " + type);
    };
  }

  private static List<String> readTexts(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      texts.add(readText(in));
    }
    return texts;
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBlock(in), StandardCharsets.UTF_8);
  }

  /** Never takes memory for more than is there. */
  private static byte[] readBlock(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new SerializationException("a length is " + length + ", more than is left");
    }
    return in.readNBytes(length);
  }
}
