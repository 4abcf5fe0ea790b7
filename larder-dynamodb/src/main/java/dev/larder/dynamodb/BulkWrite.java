package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.LarderException;
import dev.larder.storage.EntryTooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes many entries: the parts of each as it comes, the entries themselves in batches. What
 * cannot be read, or is too large, is left out; what cannot be written ends it.
 */
final class BulkWrite {
  private static final int CHUNK = 64 * 1024;

  private final ItemMaker maker;
  private final Consumer<List<Map<String, AttributeValue>>> putAll;

  BulkWrite(ItemMaker maker, Consumer<List<Map<String, AttributeValue>>> putAll) {
    this.maker = maker;
    this.putAll = putAll;
  }

  /** Writes them. Returns how many. */
  long write(Iterator<CachedResponse> responses) {
    long written = 0;
    List<Map<String, AttributeValue>> batch = new ArrayList<>(TableGateway.WRITE_BATCH);
    while (responses.hasNext()) {
      Optional<Map<String, AttributeValue>> item = itemIfPossible(responses.next());
      item.ifPresent(batch::add);
      written += item.isPresent() ? 1 : 0;
      if (batch.size() == TableGateway.WRITE_BATCH) {
        putAll.accept(batch);
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      putAll.accept(batch);
    }
    return written;
  }

  private Optional<Map<String, AttributeValue>> itemIfPossible(CachedResponse response) {
    EntryAssembly assembly = maker.begin(response.head());
    boolean done = false;
    try {
      maker.checkLength(response.head(), response.body().length());
      Optional<ByteBuffer> inMemory = response.body().buffer();
      Optional<Map<String, AttributeValue>> item =
          inMemory.isPresent()
              ? Optional.of(assembly.item(inMemory.get()))
              : append(response.body(), assembly) ? Optional.of(assembly.item()) : Optional.empty();
      done = item.isPresent();
      return item;
    } catch (EntryTooLargeException e) {
      return Optional.empty();
    } finally {
      if (!done) {
        assembly.abandon();
      }
    }
  }

  /** Copies a body; false if it is gone or cannot be read to its end. */
  private static boolean append(Body body, EntryAssembly assembly) {
    Optional<InputStream> opened = open(body);
    if (opened.isEmpty()) {
      return false;
    }
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = opened.get()) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        assembly.append(ByteBuffer.wrap(chunk, 0, count));
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static Optional<InputStream> open(Body body) {
    try {
      return Optional.of(body.open());
    } catch (LarderException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
