package dev.larder.storage;

import dev.larder.http.LarderException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A storage could not do what it was asked for. The message names the table (or other place) and
 * how to mend it; the {@linkplain #kind() kind} tells a client whether to go on asking.
 */
public class StorageException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** What a failure says of the storage. */
  public enum Kind {
    /** It did not answer, is throttled or has a fault. It may be well again at any time. */
    UNAVAILABLE,
    /**
     * It cannot do anything before somebody mends it or it is set up: a permission, a table, an
     * endpoint is missing.
     */
    UNUSABLE,
    /** It is well. What failed is about this entry, key or call alone. */
    UNAFFECTED
  }

  private final Kind kind;

  /** An exception with a message and no cause, {@link Kind#UNAVAILABLE}. */
  public StorageException(String message) {
    this(message, null);
  }

  /** An exception with a message and what led to it, if anything did, {@link Kind#UNAVAILABLE}. */
  public StorageException(String message, @Nullable Throwable cause) {
    this(message, cause, Kind.UNAVAILABLE);
  }

  /** An exception with a message, what led to it, if anything did, and its kind. */
  public StorageException(String message, @Nullable Throwable cause, Kind kind) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  /** What the failure says of the storage. */
  public final Kind kind() {
    return kind;
  }
}
