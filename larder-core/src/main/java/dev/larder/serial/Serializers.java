package dev.larder.serial;

import dev.larder.http.CachedResponse;
import java.nio.ByteBuffer;

/** The serializers that come with Larder. */
public final class Serializers {
  private Serializers() {}

  /**
   * Responses as one JSON object in UTF-8 (RFC 8259) for people and other programs, named {@code
   * json}. A body that is UTF-8 text is the string {@code body}, and any other is in Base64 (RFC
   * 4648 §4) as {@code bodyBase64}; both come back byte for byte.
   *
   * <p>Reading ignores unknown members and treats {@code null} as absent; {@code key}, {@code
   * created} and {@code request.uri} are required, everything else has the defaults of {@code
   * EntryHead.builder}. At most 10,000 field lines a message and 10,000 tags. Writing reads the
   * body to its end and passes on what that throws.
   */
  public static Serializer<CachedResponse> json() {
    return JsonSerializer.INSTANCE;
  }

  /**
   * Responses in a compact binary format, named {@code binary}: some 40 bytes more than the texts
   * they hold. A body read back is a view of the bytes given, not a copy: do not change them
   * afterwards. At most 10,000 field lines a message and 10,000 tags. Writing reads the body to its
   * end and passes on what that throws.
   */
  public static Serializer<CachedResponse> binary() {
    return BinarySerializer.INSTANCE;
  }

  /**
   * Text in UTF-8, named {@code string}. Text with an unpaired surrogate, and bytes that are not
   * UTF-8, are refused rather than changed.
   */
  public static Serializer<String> string() {
    return StringSerializer.INSTANCE;
  }

  /** Bytes as they are, named {@code bytes}. They are not copied: do not change them afterwards. */
  public static Serializer<byte[]> bytes() {
    return BytesSerializer.INSTANCE;
  }

  private static final class StringSerializer implements Serializer<String> {
    static final StringSerializer INSTANCE = new StringSerializer();

    @Override
    public String name() {
      return "string";
    }

    @Override
    public byte[] serialize(String value, StageContext context) {
      try {
        return Utf8.encodeExact(value);
      } catch (IllegalArgumentException e) {
        throw new SerializationException("text cannot be written: " + e.getMessage(), e);
      }
    }

    @Override
    public String deserialize(byte[] bytes, StageContext context) {
      return Utf8.decodeExact(ByteBuffer.wrap(bytes))
          .orElseThrow(
              () ->
                  new SerializationException(
                      "text cannot be read: these "
                          + bytes.length
                          + " bytes are not UTF-8; read them with Serializers.bytes()"));
    }
  }

  private static final class BytesSerializer implements Serializer<byte[]> {
    static final BytesSerializer INSTANCE = new BytesSerializer();

    @Override
    public String name() {
      return "bytes";
    }

    @Override
    public byte[] serialize(byte[] value, StageContext context) {
      return value;
    }

    @Override
    public byte[] deserialize(byte[] bytes, StageContext context) {
      return bytes;
    }
  }
}
