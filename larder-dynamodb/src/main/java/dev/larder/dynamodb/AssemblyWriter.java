package dev.larder.dynamodb;

import dev.larder.storage.EntryWriter;
import dev.larder.storage.WriteResult;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Writes an entry of which the body comes in pieces. */
final class AssemblyWriter implements EntryWriter {
  private final BiFunction<EntryAssembly, Map<String, AttributeValue>, WriteResult> publish;
  private @Nullable EntryAssembly assembly;

  /**
   * A writer.
   *
   * @param publish what commits a complete item
   */
  AssemblyWriter(
      EntryAssembly assembly,
      BiFunction<EntryAssembly, Map<String, AttributeValue>, WriteResult> publish) {
    this.assembly = assembly;
    this.publish = publish;
  }

  @Override
  public void write(ByteBuffer bytes) {
    EntryAssembly target = open();
    try {
      target.append(bytes);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public WriteResult commit() {
    EntryAssembly target = open();
    Map<String, AttributeValue> item;
    try {
      item = target.item();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    // From here on the item may be in the table, so its parts must stay.
    assembly = null;
    return publish.apply(target, item);
  }

  @Override
  public void close() {
    EntryAssembly abandoned = assembly;
    assembly = null;
    if (abandoned != null) {
      abandoned.abandon();
    }
  }

  private EntryAssembly open() {
    if (assembly == null) {
      throw new IllegalStateException("the entry is already committed or closed");
    }
    return assembly;
  }
}
