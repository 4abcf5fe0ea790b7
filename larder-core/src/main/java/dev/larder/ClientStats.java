package dev.larder;

import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What clients of this process got out of a cache so far. Each request of a caller that came to an
 * answer or a failure is one of {@code hits}, {@code stale}, {@code revalidated}, {@code misses}
 * and {@code bypassed}. Immutable.
 *
 * @param hits answered from the cache while fresh, without the origin
 * @param stale answered from the cache though no longer fresh, while the origin was asked in the
 *     background or because it failed (RFC 5861)
 * @param revalidated answered from the cache after the origin had confirmed it (304)
 * @param misses answered by the origin, or not at all
 * @param bypassed not for the cache: its method, or what the call asked for
 * @param collapsed of the hits: those for which another caller's request to the origin did
 * @param refreshes requests begun in the background for what was used stale
 * @param stored responses stored
 * @param skipped responses that were to be stored and were not: too large, broken off, refused by
 *     the settings' filter, older than what was there, or because the storage failed
 * @param events how often each type of {@link CacheEvent} was told; also by the cache's own methods
 */
public record ClientStats(
    long hits,
    long stale,
    long revalidated,
    long misses,
    long bypassed,
    long collapsed,
    long refreshes,
    long stored,
    long skipped,
    Map<CacheEvent.Type, Long> events) {
  /** Nothing yet. */
  public static final ClientStats NONE = new ClientStats(0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());

  /** Copies the map. */
  public ClientStats {
    events = Map.copyOf(events);
  }

  /** How many requests of callers there were. */
  public long requests() {
    return hits + stale + revalidated + misses + bypassed;
  }

  /** Both together. */
  public ClientStats plus(ClientStats other) {
    return combined(other, 1);
  }

  /** What came on top of an earlier reading. */
  public ClientStats minus(ClientStats earlier) {
    return combined(earlier, -1);
  }

  private ClientStats combined(ClientStats other, int sign) {
    Map<CacheEvent.Type, Long> sums = new EnumMap<>(CacheEvent.Type.class);
    sums.putAll(events);
    other.events.forEach((type, count) -> sums.merge(type, sign * count, Long::sum));
    sums.values().removeIf(count -> count == 0);
    return new ClientStats(
        hits + sign * other.hits,
        stale + sign * other.stale,
        revalidated + sign * other.revalidated,
        misses + sign * other.misses,
        bypassed + sign * other.bypassed,
        collapsed + sign * other.collapsed,
        refreshes + sign * other.refreshes,
        stored + sign * other.stored,
        skipped + sign * other.skipped,
        sums);
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    text.add(requests() + " requests: " + hits + " hits (" + collapsed + " collapsed)")
        .add(stale + " stale")
        .add(revalidated + " revalidated")
        .add(misses + " misses")
        .add(bypassed + " bypassed; " + refreshes + " refreshes")
        .add(stored + " stored")
        .add(skipped + " skipped");
    new TreeMap<>(events).forEach((type, count) -> text.add(count + " " + type));
    return text.toString();
  }
}
