package dev.larder;

import dev.larder.storage.OperationStats;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cache has done and cost in this process since it was built: {@link HttpCache#stats()}.
 * Take two readings and {@link #minus} to know what happened in between. Requests under way are in
 * the one or the other. Immutable.
 *
 * @param operations what the storage's operations have cost, by the names the back end gives them
 *     ({@code GetItem}, {@code Scan}, ...)
 * @param clients what clients got out of it
 */
public record CacheStats(Map<String, OperationStats> operations, ClientStats clients) {
  /** Nothing yet. */
  public static final CacheStats NONE = new CacheStats(Map.of(), ClientStats.NONE);

  /** Copies the map. */
  public CacheStats {
    operations = Collections.unmodifiableMap(new TreeMap<>(operations));
  }

  /** What one operation has cost. */
  public OperationStats of(String operation) {
    return operations.getOrDefault(operation, OperationStats.NONE);
  }

  /** What all operations have cost. */
  public OperationStats total() {
    return operations.values().stream().reduce(OperationStats.NONE, OperationStats::plus);
  }

  /**
   * What the consumed units cost, in the prices' currency. Without storage, of which a cache does
   * not know how long it lasts, and without what DynamoDB sweeps by itself, which is free.
   */
  public double cost(Prices prices) {
    OperationStats total = total();
    return prices.ofUnits(total.readUnits(), total.writeUnits());
  }

  /** Both together, for instance two caches on one table. */
  public CacheStats plus(CacheStats other) {
    Map<String, OperationStats> sums = new TreeMap<>(operations);
    other.operations.forEach((name, more) -> sums.merge(name, more, OperationStats::plus));
    return new CacheStats(sums, clients.plus(other.clients));
  }

  /** What came on top of an earlier reading of the same cache; operations not used are left out. */
  public CacheStats minus(CacheStats earlier) {
    Map<String, OperationStats> since = new TreeMap<>();
    operations.forEach(
        (name, now) -> {
          if (!now.equals(earlier.of(name))) {
            since.put(name, now.minus(earlier.of(name)));
          }
        });
    return new CacheStats(since, clients.minus(earlier.clients));
  }

  /** A line for the clients and one for each operation. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("clients: ").append(clients);
    operations.forEach((name, cost) -> text.append('\n').append(name).append(": ").append(cost));
    return text.toString();
  }
}
