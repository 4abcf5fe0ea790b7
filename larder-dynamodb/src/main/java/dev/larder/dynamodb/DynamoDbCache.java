package dev.larder.dynamodb;

import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import dev.larder.http.CachedResponse;
import dev.larder.serial.Serializer;
import dev.larder.serial.Stage;
import dev.larder.serial.Stages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cache of HTTP responses in a DynamoDB table, which any number of processes may share.
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@code tableName}: {@code http_cache}; {@code createTable}: true; {@code ttl}: true
 *   <li>{@code region}, {@code credentials}, {@code profile}: what the AWS SDK finds; {@code
 *       endpoint}: the region's; {@code client}: one made when first needed; {@code clock}: the
 *       system's
 *   <li>{@code namespace}: empty; {@code consistentReads}: false; {@code segments}: 4; {@code
 *       index}: false
 *   <li>{@code maxBodyBytes}: 32 MiB; {@code inlineBodyLimit}: 16 KiB; {@code prefetchLimit}: 4 MiB
 *   <li>{@code decodeContent}: true; {@code compression}: where it pays; {@code serializer}: none,
 *       the native layout; {@code bodyStages}: none; {@code encryptMetadata}: false; {@code
 *       format}: {@link ItemFormat#NATIVE}
 *   <li>{@code settings}: {@link CacheSettings#standard()}
 * </ul>
 *
 * <p>Building one does no I/O. If the first request to the table finds it missing, it is created;
 * clients go on without the cache meanwhile, every other method waits. Nothing else is asked of
 * DynamoDB's control plane; {@link #verify()} and {@link #addIndex()} do when told to.
 *
 * <p>Small bodies are in the item of their entry, others in parts of 256 KB, read and written a few
 * at a time. A body longer than {@code maxBodyBytes} is not stored, which {@link #saveResponse}
 * tells by {@link dev.larder.storage.EntryTooLargeException} and clients by a {@link
 * dev.larder.CacheEvent}.
 *
 * <p>Reads are eventually consistent and half the price, but for keys that this cache has written
 * or deleted in the last 5 seconds. Thread-safe. Closing it closes a client that it made, never one
 * it was given.
 */
public final class DynamoDbCache extends HttpCache {
  private final TableGateway gateway;
  private final PartsCollector collector;
  private final GarbageCollector garbageCollector;
  private final IndexBuilder indexBuilder;
  private final ItemKeys keys;
  private final boolean hidesUrls;
  private final @Nullable Serializer<CachedResponse> serializer;

  private DynamoDbCache(Builder builder, TableGateway gateway) {
    this(builder, gateway, new NamespaceState(gateway, builder.keys, builder.clock()));
  }

  private DynamoDbCache(Builder builder, TableGateway gateway, NamespaceState state) {
    this(builder, gateway, state, builder.storage(gateway, state));
  }

  private DynamoDbCache(
      Builder builder, TableGateway gateway, NamespaceState state, DynamoDbStorage storage) {
    super(storage, builder.settings, builder.clock(), builder.segments);
    this.gateway = gateway;
    this.collector = new PartsCollector(gateway, builder.keys, builder.clock());
    this.garbageCollector =
        new GarbageCollector(
            gateway, builder.keys, state, storage.reader(), builder.clock(), collector);
    this.indexBuilder =
        new IndexBuilder(
            gateway, builder.keys, state, storage.reader(), builder.clock(), builder.sleeper());
    this.hidesUrls = builder.hidesUrls();
    this.serializer = builder.serializer;
    this.keys = builder.keys;
  }

  /** A cache with the defaults above. */
  public static DynamoDbCache create() {
    return builder().build();
  }

  /** A builder with the defaults above. */
  public static Builder builder() {
    return new Builder();
  }

  /** The name of the table. */
  public String tableName() {
    return gateway.table();
  }

  /**
   * Gives the table the index that {@link Builder#index} is about if it has none, and puts what is
   * in this namespace into it. Entries are written into it from then on by every process that uses
   * the namespace, whatever its own options say, and listings use it when this has come to its end.
   * If it fails or is interrupted, listings are scans, and running it again goes on with what is
   * missing. A table created with {@link Builder#index} needs it as well: call it once, when all
   * processes are up.
   *
   * <p>Takes as long as DynamoDB needs to build an index, at least a minute; reads the table once
   * and writes each entry that is not in the index. Do not copy entries into the cache by {@link
   * #update(HttpCache)} meanwhile. Needs the permissions {@code dynamodb:DescribeTable} and {@code
   * UpdateTable} besides those to manage a cache.
   *
   * @return how many entries were added
   * @throws dev.larder.storage.StorageException if the namespace holds what cannot be in the index:
   *     items of requests-cache, entries that cannot be decoded, or one within some 80 bytes of
   *     DynamoDB's 400 KB; everything else is in it then
   * @throws IllegalStateException with {@code encryptMetadata(true)}, or a serializer other than
   *     {@code Serializers.json()} and {@code binary()}: an index would tell the URLs
   */
  public long addIndex() {
    if (hidesUrls) {
      throw new IllegalStateException(
          "this cache has encryptMetadata(true) or a serializer(..) other than Serializers.json() and Serializers.binary(), and an index would tell the URLs");
    }
    return indexBuilder.build();
  }

  /**
   * Looks at the table: key schema, time to live, the index if the cache is to have one, and the
   * permissions that a cache needs. Costs about ten requests.
   *
   * @return what is wrong with it and how to mend it; empty if all is well
   */
  public List<String> verify() {
    List<String> problems = new ArrayList<>(gateway.verify(keys, !hidesUrls));
    if (gateway.setup().isIndexed() && problems.stream().noneMatch(DynamoDbCache::saysMore)) {
      problems.addAll(indexBuilder.problems());
    }
    return List.copyOf(problems);
  }

  /** Whether a problem makes it needless, or impossible, to ask how far the index is. */
  private static boolean saysMore(String problem) {
    return !problem.contains("time to live");
  }

  /**
   * Removes the parts of bodies that no entry refers to any more: left behind by entries that were
   * replaced or deleted, or by a process that ended while it wrote. Time to live does that by
   * itself, but not for entries that never expire, nor with {@code ttl(false)}; run this now and
   * then where there are such entries. Reads the table up to three times. Parts written in the last
   * hour stay.
   *
   * @return how many parts were removed
   */
  public long removeUnusedParts() {
    return collector.collect(false, item -> false);
  }

  /**
   * Removes what is of no use to anybody: items past their time to live that are not swept yet,
   * entries that were {@linkplain #purge() purged} (but for requests-cache's), and {@linkplain
   * #removeUnusedParts() unused parts}. Time to live does that by itself, but not with {@code
   * ttl(false)}, and not for entries that never expire. Reads the table up to four times. What
   * cannot be decoded stays: it may be another's; {@code delete(EntryFilter.invalid())} removes it.
   *
   * @return what was removed
   */
  public Garbage removeGarbage() {
    return garbageCollector.collect(false);
  }

  /** Finds what {@link #removeGarbage()} would remove, and removes nothing. */
  public Garbage findGarbage() {
    return garbageCollector.collect(true);
  }

  @Override
  protected Serializer<CachedResponse> serializer() {
    return serializer == null ? super.serializer() : serializer;
  }

  @Override
  public String toString() {
    return "DynamoDbCache[" + gateway.table() + ']';
  }

  /** Collects options. Not thread-safe; may be used again after {@code build()}. */
  public static final class Builder extends TableBuilder<Builder> {
    private static final long MAX_BODY_LIMIT = 1L << 30;
    private static final int INLINE_BODY_LIMIT = 240 << 10;

    /** The name of what {@link Stages#aesGcm} makes. */
    private static final String AES_GCM = "aes-gcm";

    private ItemKeys keys = new ItemKeys("");
    private boolean consistentReads;
    private boolean decodeContent = true;
    private @Nullable Serializer<CachedResponse> serializer;
    private ItemFormat format = ItemFormat.NATIVE;
    private boolean compression = true;
    private List<Stage> bodyStages = List.of();
    private boolean encryptMetadata;
    private BodyLayout layout = BodyLayout.DEFAULT;
    private CacheSettings settings = CacheSettings.standard();
    private int segments = 4;
    private boolean index;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Keeps this cache apart from others in the same table: it sees and clears only itself. The
     * empty namespace is the table's own.
     *
     * @throws IllegalArgumentException if it is not up to 64 letters, digits, {@code _}, {@code .}
     *     and {@code -}
     */
    public Builder namespace(String name) {
      this.keys = new ItemKeys(name);
      return this;
    }

    /** Whether every read is strongly consistent, at twice the price. */
    public Builder consistentReads(boolean always) {
      this.consistentReads = always;
      return this;
    }

    /**
     * Whether text bodies are stored as text, readable in the console, where they are not
     * {@linkplain #compression compressed}. They are read back byte for byte either way.
     */
    public Builder decodeContent(boolean readable) {
      this.decodeContent = readable;
      return this;
    }

    /**
     * Stores entries as the bytes this serializer makes of them, in one attribute, instead of in
     * the native layout. Entries in the native layout are still read, so a serializer that encrypts
     * or signs keeps others from reading or changing what it wrote, and not from adding entries of
     * their own; {@link #bodyStages} with {@link #encryptMetadata} does both.
     *
     * <p>With any but {@code Serializers.json()} and {@code binary()}, what is written is not in
     * the {@linkplain #index index}, which would tell URLs that the serializer may hide.
     */
    public Builder serializer(Serializer<CachedResponse> value) {
      this.serializer = value;
      return this;
    }

    /**
     * How entries are laid out. Those in the other layout are read all the same, but that a cache
     * whose {@link #bodyStages} encrypt or sign refuses those in requests-cache's layout.
     *
     * <p>Python knows no namespaces and reads no serializers or stages of Larder's, so {@link
     * ItemFormat#REQUESTS_CACHE} goes with none of them.
     */
    public Builder format(ItemFormat value) {
      this.format = Objects.requireNonNull(value, "format");
      return this;
    }

    /**
     * Whether bodies in the native layout are compressed (gzip) where that saves a unit of what
     * DynamoDB bills, so for most texts beyond a few hundred bytes. They are read back byte for
     * byte and not readable in the console; without it they are, for three to five times the price.
     * Bodies with a {@code Content-Encoding}, images, archives and the like are left as they are,
     * and so is what a sample shows not to become smaller. It does not apply together with {@link
     * #bodyStages}, nor to other layouts. Compressed bodies are read in either case, up to {@link
     * #maxBodyBytes} inflated.
     */
    public Builder compression(boolean whereItPays) {
      this.compression = whereItPays;
      return this;
    }

    /**
     * Applies these stages to the bodies of the native layout, in order, each to every body and to
     * each part of one. Gzip is undone on reading whether or not it is named here. With stages of
     * your choice, {@link #compression} is off.
     *
     * <p>With {@link Stages#aesGcm} or {@link Stages#hmac}, bodies without that stage are not read:
     * they are misses, and listed as invalid where their body is looked at. So is whatever is in
     * requests-cache's layout, which is never encrypted or signed, and an alias that was not
     * written so. Only bodies are encrypted or signed, and where aliases lead. URLs and headers
     * stay readable, and whoever can write to the table can change them, unless there is {@link
     * #encryptMetadata}.
     */
    public Builder bodyStages(Stage... stages) {
      this.bodyStages = List.of(stages);
      return this;
    }

    /**
     * The longest body in bytes that is stored. Longer ones of other writers are not read either:
     * this bounds the memory that a body can take.
     *
     * <p>With {@link #serializer} and {@link ItemFormat#REQUESTS_CACHE} an entry has to fit one
     * item of 400 KB besides.
     *
     * @throws IllegalArgumentException if not between 1 and 1 GiB
     */
    public Builder maxBodyBytes(long bytes) {
      this.layout = layout.withMaxBytes(within("maxBodyBytes", bytes, 1, MAX_BODY_LIMIT));
      return this;
    }

    /**
     * The longest body in bytes, as it is stored, that is kept in the entry's own item. A longer
     * one goes into parts, which is a second request for a hit; but then renewing the entry is a
     * write of its head only, and with the body in the item, one of everything.
     *
     * @throws IllegalArgumentException if not between 0 and 240 KiB
     */
    public Builder inlineBodyLimit(int bytes) {
      this.layout =
          layout.withInlineBytes((int) within("inlineBodyLimit", bytes, 0, INLINE_BODY_LIMIT));
      return this;
    }

    /**
     * Up to this length in bytes, all parts of a body are there and verified before a reader gets
     * its first byte. Of a longer one a few parts are in memory at a time, and if one is lost
     * half-way, a client goes on at the origin if that has the same representation by a strong
     * entity tag; otherwise, and without a client, reading fails with an {@link
     * java.io.IOException}.
     *
     * @throws IllegalArgumentException if not between 0 and 1 GiB
     */
    public Builder prefetchLimit(long bytes) {
      this.layout = layout.withPrefetchBytes(within("prefetchLimit", bytes, 0, MAX_BODY_LIMIT));
      return this;
    }

    /** How many bytes of a body go into a part; for tests. */
    Builder partBytes(int bytes) {
      this.layout = layout.withPartBytes(bytes);
      return this;
    }

    private static long within(String option, long value, long least, long most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            option + " must be between " + least + " and " + most + ", but is " + value);
      }
      return value;
    }

    /** How the cache behaves. */
    public Builder settings(CacheSettings value) {
      this.settings = value;
      return this;
    }

    /**
     * How many segments of the table a bulk operation works on at once.
     *
     * @throws IllegalArgumentException if not between 1 and 64
     */
    public Builder segments(int count) {
      if (count < 1 || count > 64) {
        throw new IllegalArgumentException("segments must be between 1 and 64, but is " + count);
      }
      this.segments = count;
      return this;
    }

    /**
     * Whether URLs, headers, status codes and all else about requests and responses is encrypted,
     * too, by the {@link Stages#aesGcm} among the {@link #bodyStages}, and bound to its place as
     * bodies are. Readable in the table remain keys, versions, times of sending and to live, how
     * long bodies are and where; and, for URLs that vary, the names of the request fields that
     * select a variant. Keys are digests, so whoever guesses a URL can find out whether it is
     * there; keys of your own choice are readable.
     *
     * <p>Filters are applied here rather than in DynamoDB. Entries that are not encrypted, or with
     * another key, are misses, and listed as invalid. A renewal writes the encrypted head anew.
     */
    public Builder encryptMetadata(boolean hidden) {
      this.encryptMetadata = hidden;
      return this;
    }

    /**
     * Whether a table that this cache creates has an index by host and URL. With it, and once
     * {@link DynamoDbCache#addIndex()} has been called to its end, {@link #filter}, {@link #urls},
     * {@link #count}, {@link #delete(dev.larder.http.EntryFilter)} and {@link #resetExpiration} and
     * {@link #markStale} by {@linkplain dev.larder.http.EntryFilter#host host}, {@linkplain
     * dev.larder.http.EntryFilter#url URL} or {@linkplain dev.larder.http.EntryFilter#urlPrefix the
     * beginning of one} that reaches past the host read the entries in question and not the whole
     * table. Each store, replacement and deletion is a write of the index besides, one unit or two;
     * renewing an entry is none.
     *
     * <p>A new table's index is not used at once, because other processes may store entries before
     * they know that it is there: call {@link DynamoDbCache#addIndex()} once when all are up, which
     * adds those. An existing table gets the index by {@code addIndex()} and in no other way;
     * {@link #verify()} tells if that is to be done. Whether a namespace has the index is known to
     * all processes by the table, so this option need not be the same everywhere. It does not go
     * with a namespace in which requests-cache writes: its items would be missing in such listings.
     */
    public Builder index(boolean byPlace) {
      this.index = byPlace;
      return this;
    }

    /**
     * The cache. Does no I/O.
     *
     * @throws IllegalStateException if options exclude each other
     */
    public DynamoDbCache build() {
      if (serializer != null && !bodyStages.isEmpty()) {
        throw new IllegalStateException(
            "bodyStages(..) belong to the native layout; with serializer(..) put the stages into a SerializerPipeline");
      }
      if (format == ItemFormat.REQUESTS_CACHE
          && (serializer != null || !bodyStages.isEmpty() || !keys.isEmptyNamespace())) {
        throw new IllegalStateException(
            "format(REQUESTS_CACHE) is for items that requests-cache reads, which has no namespaces and none of Larder's serializers and stages; leave out namespace(..), serializer(..) and bodyStages(..)");
      }
      if (encryptMetadata && (serializer != null || format == ItemFormat.REQUESTS_CACHE)) {
        throw new IllegalStateException(
            "encryptMetadata(true) belongs to the native layout; leave out serializer(..) and format(..), or put an encrypting stage into a SerializerPipeline");
      }
      if (encryptMetadata && encryption().isEmpty()) {
        throw new IllegalStateException(
            "encryptMetadata(true) has no key to encrypt with; add Stages.aesGcm(..) to bodyStages(..)");
      }
      if (index && format == ItemFormat.REQUESTS_CACHE) {
        throw new IllegalStateException(
            "index(true) does not go with format(REQUESTS_CACHE): what Python writes would not be in the index; leave out one or the other");
      }
      if (index && hidesUrls()) {
        throw new IllegalStateException(
            "index(true) does not go with encryptMetadata(true), nor with a serializer(..) other than Serializers.json() and Serializers.binary(): the index would tell the URLs; leave out one or the other");
      }
      return new DynamoDbCache(this, gateway(index ? NamespaceState.indexed(keys) : Map.of()));
    }

    private boolean hidesUrls() {
      return encryptMetadata || (serializer != null && StorageLayout.mayHide(serializer));
    }

    private Optional<Stage> encryption() {
      return bodyStages.stream().filter(stage -> stage.name().equals(AES_GCM)).findFirst();
    }

    private DynamoDbStorage storage(TableGateway gateway, NamespaceState state) {
      Stage gunzip = Stages.gzip(6, Math.max(layout.maxBytes(), layout.partBytes()));
      BodyCodec codec =
          new BodyCodec(keys, decodeContent, compression, bodyStages, List.of(gunzip));
      return new StorageLayout(
              keys,
              codec,
              encryption()
                  .filter(stage -> encryptMetadata)
                  .map(stage -> new MetadataSeal(keys, stage)),
              layout,
              format,
              Optional.ofNullable(serializer),
              writesTtl(),
              consistentReads,
              clock())
          .over(gateway, new Workers(), new RecentWrites(clock()), state);
    }
  }
}
