package dev.larder.dynamodb;

import dev.larder.http.CachedResponse;
import dev.larder.serial.Serializer;
import dev.larder.serial.Serializers;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a storage keeps its entries: all that is to be known to put one together over a gateway.
 *
 * @param keys of items
 * @param codec of bodies
 * @param seal hides heads; empty if they are readable
 * @param bodies where they go by their size
 * @param format how entries are written
 * @param serializer what makes bytes of entries, if they are not in one of our own layouts
 * @param writesTtl whether entries have a time to live
 * @param consistentReads whether every read is strong
 * @param clock tells the time
 */
record StorageLayout(
    ItemKeys keys,
    BodyCodec codec,
    Optional<MetadataSeal> seal,
    BodyLayout bodies,
    ItemFormat format,
    Optional<Serializer<CachedResponse>> serializer,
    boolean writesTtl,
    boolean consistentReads,
    Clock clock) {
  /** Those that are known to leave URLs readable; any other may have been chosen to hide them. */
  private static final Set<Serializer<CachedResponse>> READABLE =
      Set.of(Serializers.json(), Serializers.binary());

  /**
   * Whether entries may be in the index: it would tell the URLs of encrypted ones, and of those
   * that only a serializer of the user's knows how to read.
   */
  boolean hasPlaces() {
    return seal.isEmpty() && serializer.filter(StorageLayout::mayHide).isEmpty();
  }

  /** Whether URLs may not be readable in what a serializer writes. */
  static boolean mayHide(Serializer<CachedResponse> serializer) {
    return !READABLE.contains(serializer);
  }

  /** What vouches for aliases; empty if nothing does. */
  Optional<AliasSeal> aliasSeal() {
    return codec.authenticating().map(stage -> new AliasSeal(keys, stage));
  }

  /** Whether what is neither encrypted nor signed is refused. */
  private boolean demandsSeals() {
    return codec.authenticates() || seal.isPresent();
  }

  /**
   * A storage.
   *
   * @param workers send the requests for parts
   * @param recentWrites what this process wrote, to be read strongly
   * @param state what this process knows of the namespace
   */
  DynamoDbStorage over(
      TableGateway gateway, Workers workers, RecentWrites recentWrites, NamespaceState state) {
    Parts parts = new Parts(gateway, keys, codec, bodies, writesTtl, clock, workers);
    NativeFormat nativeFormat = new NativeFormat(writesTtl, codec, parts, seal);
    Optional<EntryFormat> serialized =
        serializer.map(value -> new SerializedFormat(keys, value, writesTtl));
    RequestsCacheFormat requestsCache =
        new RequestsCacheFormat(new NativeFormat(writesTtl, codec, parts, Optional.empty()));
    EntryFormat written =
        format == ItemFormat.REQUESTS_CACHE ? requestsCache : serialized.orElse(nativeFormat);
    long longest =
        written == requestsCache ? Math.min(ItemSize.MAX, bodies.maxBytes()) : bodies.maxBytes();
    ItemMaker maker =
        new ItemMaker(
            written,
            keys,
            () -> hasPlaces() && state.writesIndex(),
            parts,
            gateway.table(),
            longest);
    EntryFormat other = written == nativeFormat ? requestsCache : nativeFormat;
    // An entry that was put in another's place must not get its head either, in clear.
    List<EntryFormat> renewed = demandsSeals() ? List.of(written) : List.of(written, other);
    return new DynamoDbStorage(
        this,
        gateway,
        new ItemReader(
            nativeFormat,
            requestsCache,
            serialized,
            new RequestsCacheReader(clock),
            demandsSeals(),
            aliasSeal()),
        new Renewal(gateway, renewed, nativeFormat, maker, parts, clock),
        maker,
        parts,
        recentWrites,
        state);
  }
}
