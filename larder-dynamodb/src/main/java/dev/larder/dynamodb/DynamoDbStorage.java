package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Leases;
import dev.larder.storage.OperationStats;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import dev.larder.storage.UnitListener;
import dev.larder.storage.WriteResult;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Entries as items of one table.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Ghost item.</b> A 304 is to renew an entry that TTL sweeps at that moment. UpdateItem
 *       creates what is missing, so an item with a time but no response would appear. Every partial
 *       update is conditional on {@code ver}, which a missing item does not have.
 *   <li><b>Mixed entry.</b> A 304 that answers for version 1 arrives after version 2 was written.
 *       The same condition refuses it.
 *   <li><b>Unswept item.</b> TTL deletes "within a few days"; until then reads return the item. Its
 *       {@code ttl} is compared with the clock after every read and within every condition, so it
 *       counts as absent.
 *   <li><b>Read after write.</b> An eventually consistent read may precede a write that has
 *       returned. Keys that this process wrote in the last seconds are read strongly.
 *   <li><b>Lost answer.</b> A conditional write takes place, its answer is lost, the SDK sends it
 *       again, and the condition fails because of our own first attempt. The failure carries the
 *       item in the way; if it has the version that we gave it, we have succeeded.
 *   <li><b>Another's item.</b> A {@link DynamoDbMap} on the same table has put something under our
 *       key. Every single write is conditional on that not being so; listings and {@code clear}
 *       pass over it.
 *   <li><b>Late body.</b> A listing delivers heads; a body is opened after the entry was replaced.
 *       The body is read together with {@code ver}, and another version is an error rather than
 *       another response's body.
 * </ol>
 */
final class DynamoDbStorage implements ResponseStorage {
  private final StorageLayout layout;
  private final TableGateway gateway;
  private final ItemKeys keys;
  private final ItemReader reader;
  private final Renewal renewal;
  private final ItemMaker maker;
  private final Parts parts;
  private final Clock clock;
  private final boolean consistentReads;
  private final RecentWrites recentWrites;
  private final NamespaceState state;
  private final PlaceIndex index;
  private final DynamoDbLeases leases;

  /** A storage over a gateway; {@link StorageLayout} puts it together. */
  DynamoDbStorage(
      StorageLayout layout,
      TableGateway gateway,
      ItemReader reader,
      Renewal renewal,
      ItemMaker maker,
      Parts parts,
      RecentWrites recentWrites,
      NamespaceState state) {
    this.layout = layout;
    this.gateway = gateway;
    this.keys = layout.keys();
    this.reader = reader;
    this.renewal = renewal;
    this.maker = maker;
    this.parts = parts;
    this.clock = layout.clock();
    this.consistentReads = layout.consistentReads();
    this.recentWrites = recentWrites;
    this.state = state;
    this.index = new PlaceIndex(gateway, keys);
    this.leases = new DynamoDbLeases(gateway, keys, clock);
  }

  /** What tells the items of this storage. */
  ItemReader reader() {
    return reader;
  }

  @Override
  public Optional<StoredItem> read(String key, ReadOptions options) {
    String itemKey = keys.toItem(key);
    boolean strong = options.strong() || consistentReads || recentWrites.contains(itemKey);
    if (mayGuess(strong, options) && parts.remembers(itemKey)) {
      return Optional.ofNullable(readAll(List.of(key), options).get(key));
    }
    List<String> projected = options.body() ? List.of() : Heads.ATTRIBUTES;
    Optional<Map<String, AttributeValue>> item =
        state.isDue()
            ? Optional.ofNullable(getAll(List.of(itemKey), strong, projected).get(itemKey))
            : gateway.get(itemKey, strong, projected);
    return item.flatMap(found -> live(key, found, options.body()));
  }

  @Override
  public Map<String, StoredItem> readAll(Collection<String> wanted, ReadOptions options) {
    Map<String, String> byItemKey = new LinkedHashMap<>();
    wanted.forEach(key -> byItemKey.put(keys.toItem(key), key));
    boolean strong = options.strong() || isStrong(byItemKey.keySet());
    Set<String> itemKeys = new LinkedHashSet<>(byItemKey.keySet());
    if (mayGuess(strong, options)) {
      byItemKey.keySet().forEach(itemKey -> itemKeys.addAll(parts.guess(itemKey)));
    }
    Map<String, Map<String, AttributeValue>> read =
        getAll(itemKeys, strong, options.body() ? List.of() : Heads.ATTRIBUTES);
    Map<String, StoredItem> found = new LinkedHashMap<>();
    byItemKey.forEach(
        (itemKey, key) ->
            Optional.ofNullable(read.get(itemKey))
                .flatMap(item -> live(key, item, options.body()))
                .ifPresent(stored -> found.put(key, parts.with(read, stored))));
    return found;
  }

  /** Parts never change, so there is no need to pay twice for reading them strongly. */
  private static boolean mayGuess(boolean strong, ReadOptions options) {
    return options.body() && !strong;
  }

  /** The items under these keys, and with them, when its time has come, the namespace's state. */
  private Map<String, Map<String, AttributeValue>> getAll(
      Collection<String> itemKeys, boolean strong, List<String> projected) {
    if (itemKeys.isEmpty() || !state.isDue()) {
      return gateway.getAll(itemKeys, strong, projected);
    }
    Instant asked = clock.instant();
    List<String> withState = new ArrayList<>(itemKeys);
    withState.add(state.itemKey());
    Set<String> dispensable = state.isRecent() ? Set.of(state.itemKey()) : Set.of();
    TableGateway.Batch batch = gateway.getAll(withState, strong, projected, dispensable);
    Optional<Map<String, AttributeValue>> item =
        Optional.ofNullable(batch.items().remove(state.itemKey()));
    if (batch.left().contains(state.itemKey())) {
      state.putOff();
    } else {
      state.read(item, asked);
    }
    return batch.items();
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    return new AssemblyWriter(
        maker.begin(head), (assembly, item) -> publish(head.key(), item, assembly, precondition));
  }

  @Override
  public WriteResult write(EntryHead head, Body body, Precondition precondition) {
    maker.checkLength(head, body.length());
    Optional<ByteBuffer> inMemory = body.buffer();
    if (inMemory.isEmpty()) {
      return ResponseStorage.super.write(head, body, precondition);
    }
    EntryAssembly assembly = maker.begin(head);
    Map<String, AttributeValue> item;
    try {
      item = assembly.item(inMemory.get());
    } catch (RuntimeException e) {
      assembly.abandon();
      throw e;
    }
    return publish(head.key(), item, assembly, precondition);
  }

  @Override
  public Optional<WriteResult> writeRedirected(
      EntryHead head,
      Body body,
      Request last,
      List<Redirect> redirects,
      Precondition precondition) {
    String version = Versions.next();
    return maker
        .redirected(head.toBuilder().version(version).build(), body, last, redirects)
        .map(item -> put(head.key(), item, version, precondition));
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    gateway.checkOpen();
    return new BulkWrite(maker, this::putAll).write(responses);
  }

  @Override
  public WriteResult put(StoredItem marker, Precondition precondition) {
    String version = Versions.next();
    Map<String, AttributeValue> item = Markers.encode(marker, version, layout.aliasSeal());
    return put(marker.key(), item, version, precondition);
  }

  @Override
  public boolean update(EntryHead head) {
    String itemKey = keys.toItem(head.key());
    return remembering(
        itemKey,
        () ->
            PythonVersion.isOne(head.version())
                ? RequestsCacheUpdate.update(gateway, reader, itemKey, head, clock.instant())
                : renewal.update(
                    head,
                    itemKey,
                    () -> read(head.key(), head.version(), ReadOptions.DEFAULT.strongly())));
  }

  @Override
  public boolean remove(String key, Precondition precondition) {
    Instant now = clock.instant();
    String itemKey = keys.toItem(key);
    Expression expression = new Expression();
    String wanted = removable(Conditions.of(precondition, expression, now), expression);
    String counted =
        Conditions.present(expression, now)
            + " AND "
            + expression.name(Attributes.KIND)
            + " <> "
            + expression.value(Attributes.KIND_TOMBSTONE);
    TableGateway.Outcome outcome =
        remembering(
            itemKey, () -> gateway.delete(itemKey, wanted + " AND " + counted, expression, false));
    if (outcome.done()) {
      return true;
    }
    if (outcome.holder().isEmpty()) {
      // Gone: if it was sent again after a lost answer, and a version was asked for, by us.
      return outcome.repeated() && precondition instanceof Precondition.Version;
    }
    boolean tombstone =
        Attributes.text(outcome.holder(), Attributes.KIND)
            .filter(Attributes.KIND_TOMBSTONE::equals)
            .isPresent();
    if (tombstone || Attributes.isOver(outcome.holder(), now)) {
      // Not counted, but to be removed all the same.
      Expression again = new Expression();
      String same = removable(Conditions.of(precondition, again, now), again);
      remembering(itemKey, () -> gateway.delete(itemKey, same, again, false));
    }
    return false;
  }

  private static String removable(String condition, Expression expression) {
    String noMap = "(" + Conditions.isNoMap(expression) + ")";
    return condition.isEmpty() ? noMap : "(" + condition + ") AND " + noMap;
  }

  @Override
  public void removeAll(Collection<String> wanted) {
    List<String> itemKeys = wanted.stream().map(keys::toItem).toList();
    try {
      gateway.deleteAll(itemKeys);
    } finally {
      itemKeys.forEach(recentWrites::add);
    }
  }

  @Override
  public Stream<CacheEntry> scan(ScanRequest request) {
    state.refresh();
    return indexed(request).orElseGet(() -> scanned(request));
  }

  private Stream<CacheEntry> scanned(ScanRequest request) {
    Instant now = clock.instant();
    Expression expression = new Expression();
    String ours =
        Conditions.present(expression, now)
            + " AND ("
            + Conditions.isEntry(expression)
            + ") AND "
            + keys.filter(expression)
            + state.filter(expression);
    String filter =
        Conditions.weaker(request.filter(), expression, now)
            .map(weaker -> ours + " AND " + weaker)
            .orElse(ours);
    // Whether a body can be decoded shows only when it is read.
    boolean whole = request.bodies() || Conditions.asksForInvalid(request.filter());
    return scan(request, filter, whole ? List.of() : Heads.ATTRIBUTES, expression)
        .flatMap(item -> stored(item, whole).stream())
        .filter(StoredItem.Entry.class::isInstance)
        .map(stored -> ((StoredItem.Entry) stored).entry())
        .filter(entry -> request.filter().matches(entry, now));
  }

  /** The entries by the index, if the filter says where they are in it, and all are. */
  private Optional<Stream<CacheEntry>> indexed(ScanRequest request) {
    // Segments of the table and of the index are not the same, and what was begun in one has to be
    // ended in it.
    if (!layout.hasPlaces() || !state.isIndexComplete() || request.segments() > 1) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    List<String> projected = request.bodies() ? List.of() : Heads.ATTRIBUTES;
    return index
        .keys(request)
        .map(
            keysInBatches ->
                keysInBatches
                    .flatMap(batch -> getAll(batch, isStrong(batch), projected).values().stream())
                    .filter(item -> !Attributes.isOver(item, now))
                    .flatMap(item -> stored(item, request.bodies()).stream())
                    .filter(StoredItem.Entry.class::isInstance)
                    .map(stored -> ((StoredItem.Entry) stored).entry())
                    .filter(entry -> request.filter().matches(entry, now)));
  }

  @Override
  public boolean isIndexed(EntryFilter filter) {
    if (!layout.hasPlaces() || Places.prefixes(filter).isEmpty()) {
      return false;
    }
    state.refresh();
    return state.isIndexComplete();
  }

  private boolean isStrong(Collection<String> itemKeys) {
    return consistentReads || itemKeys.stream().anyMatch(recentWrites::contains);
  }

  @Override
  public Stream<String> keys() {
    state.refresh();
    if (state.isAny()) {
      return ResponseStorage.super.keys();
    }
    Expression expression = new Expression();
    return gateway
        .scan(
            scan ->
                scan.filterExpression(entries(expression))
                    .projectionExpression(expression.name(Attributes.KEY))
                    .expressionAttributeNames(expression.names())
                    .expressionAttributeValues(expression.values()))
        .flatMap(item -> keys.toUser(TableGateway.keyOf(item)).stream());
  }

  @Override
  public Stream<StoredItem.Alias> aliases() {
    Expression expression = new Expression();
    String filter =
        expression.equal(Attributes.KIND, Attributes.KIND_ALIAS)
            + " AND "
            + expression.alive(clock.instant())
            + " AND "
            + keys.filter(expression);
    return gateway
        .scan(
            scan ->
                scan.filterExpression(filter)
                    .expressionAttributeNames(expression.names())
                    .expressionAttributeValues(expression.values()))
        .flatMap(item -> stored(item, true).stream())
        .filter(StoredItem.Alias.class::isInstance)
        .map(StoredItem.Alias.class::cast);
  }

  @Override
  public long count() {
    state.refresh();
    if (state.isAny()) {
      try (Stream<String> entries = keys()) {
        return entries.count();
      }
    }
    Expression expression = new Expression();
    return gateway.count(
        scan ->
            scan.filterExpression(entries(expression))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values()));
  }

  @Override
  public void clear(int segment, int segments) {
    Expression expression = new Expression();
    String filter =
        "(" + Conditions.isNoMap(expression) + ") AND " + keys.filterWithControl(expression);
    List<String> batch = new ArrayList<>(TableGateway.WRITE_BATCH);
    try (Stream<Map<String, AttributeValue>> items =
        scan(
            ScanRequest.of(EntryFilter.all()).segment(segment, segments),
            filter,
            gateway.attributesForRemoval(),
            expression)) {
      items
          .map(TableGateway::keyOf)
          .filter(itemKey -> !ItemKeys.isControl(itemKey))
          .forEach(
              itemKey -> {
                batch.add(itemKey);
                if (batch.size() == TableGateway.WRITE_BATCH) {
                  removeItems(batch);
                }
              });
    }
    removeItems(batch);
  }

  @Override
  public void purge(Instant time) {
    state.purge(time);
  }

  @Override
  public Instant purgedBefore() {
    return state.before();
  }

  @Override
  public long maxBodyBytes() {
    return maker.maxBytes();
  }

  @Override
  public void prepare() {
    gateway.prepare();
  }

  @Override
  public ResponseStorage metered(UnitListener listener) {
    TableGateway metered = new TableGateway(gateway, listener);
    return layout.over(metered, parts.workers(), recentWrites, state.over(metered));
  }

  /** What a rehearsal writes has not been written, so no read needs to be strong for it. */
  @Override
  public ResponseStorage rehearsal(UnitListener listener) {
    TableGateway rehearsing = new RehearsingGateway(gateway, listener);
    return layout.over(
        rehearsing, parts.workers(), new RecentWrites(clock), state.copyOver(rehearsing));
  }

  @Override
  public Optional<Leases> leases() {
    return Optional.of(leases);
  }

  @Override
  public Map<String, OperationStats> stats() {
    return gateway.stats();
  }

  @Override
  public void close() {
    parts.close();
    gateway.close();
  }

  @Override
  public String toString() {
    return "table \"" + gateway.table() + '"';
  }

  private String entries(Expression expression) {
    return "("
        + Conditions.isEntry(expression)
        + ") AND "
        + expression.alive(clock.instant())
        + " AND "
        + keys.filter(expression);
  }

  private Stream<Map<String, AttributeValue>> scan(
      ScanRequest request, String filter, List<String> projected, Expression expression) {
    return gateway.scan(
        scan -> {
          scan.filterExpression(filter).expressionAttributeValues(expression.values());
          if (!projected.isEmpty()) {
            scan.projectionExpression(TableGateway.projection(expression, projected));
          }
          if (request.segments() > 1) {
            scan.segment(request.segment()).totalSegments(request.segments());
          }
          request
              .after()
              .ifPresent(key -> scan.exclusiveStartKey(TableGateway.keyOf(keys.toItem(key))));
          return scan.expressionAttributeNames(expression.names());
        });
  }

  private void removeItems(List<String> itemKeys) {
    try {
      gateway.deleteAll(itemKeys);
    } finally {
      itemKeys.forEach(recentWrites::add);
    }
    itemKeys.clear();
  }

  private Optional<StoredItem> live(String key, Map<String, AttributeValue> item, boolean whole) {
    return Attributes.isOver(item, clock.instant()) ? Optional.empty() : present(key, item, whole);
  }

  private Optional<StoredItem> stored(Map<String, AttributeValue> item, boolean whole) {
    return keys.toUser(TableGateway.keyOf(item)).flatMap(key -> present(key, item, whole));
  }

  private Optional<StoredItem> present(
      String key, Map<String, AttributeValue> item, boolean whole) {
    return state.isVoid(item)
        ? Optional.empty()
        : reader.read(key, item, unread(key, item, whole)).filter(stored -> !state.isVoid(stored));
  }

  private Optional<Body> unread(String key, Map<String, AttributeValue> item, boolean whole) {
    return whole
        ? Optional.empty()
        : Optional.of(
            new LazyBody(
                Attributes.number(item, Attributes.LENGTH).orElse(-1L),
                () -> openBody(key, Attributes.text(item, Attributes.VERSION).orElse(""))));
  }

  private Body openBody(String key, String version) {
    return read(key, version, ReadOptions.DEFAULT)
        .or(() -> read(key, version, ReadOptions.DEFAULT.strongly()))
        .orElseThrow(
            () ->
                new StorageException(
                    "the body of entry \""
                        + key
                        + "\" is gone: the entry was replaced or removed since it was listed; list it again",
                    null,
                    StorageException.Kind.UNAFFECTED))
        .body();
  }

  /** The entry if it still has this version. */
  private Optional<CachedResponse> read(String key, String version, ReadOptions options) {
    return read(key, options)
        .filter(StoredItem.Entry.class::isInstance)
        .map(item -> ((StoredItem.Entry) item).entry())
        .filter(entry -> !entry.isInvalid() && entry.head().version().equals(version))
        .map(CacheEntry::open);
  }

  private WriteResult publish(
      String key,
      Map<String, AttributeValue> item,
      EntryAssembly assembly,
      Precondition precondition) {
    WriteResult result = put(key, item, assembly.version(), precondition);
    if (!result.published()) {
      assembly.abandon();
    }
    return result;
  }

  private WriteResult put(
      String key, Map<String, AttributeValue> item, String version, Precondition precondition) {
    String itemKey = keys.toItem(key);
    Map<String, AttributeValue> complete = new HashMap<>(item);
    complete.put(Attributes.KEY, AttributeValue.fromS(itemKey));
    Expression expression = new Expression();
    String wanted = Conditions.of(precondition, expression, clock.instant());
    String noMap = Conditions.isNoMap(expression);
    String condition = wanted.isEmpty() ? noMap : "(" + wanted + ") AND (" + noMap + ")";
    TableGateway.Outcome outcome =
        remembering(itemKey, () -> gateway.put(complete, condition, expression));
    if (Attributes.text(outcome.holder(), Attributes.KIND)
        .filter(Attributes.KIND_MAP::equals)
        .isPresent()) {
      throw new StorageException(
          "key \""
              + key
              + "\" of table \""
              + gateway.table()
              + "\" is held by a DynamoDbMap; give the map a keyPrefix or a table of its own",
          null,
          StorageException.Kind.UNAFFECTED);
    }
    boolean ownFirstAttempt =
        Attributes.text(outcome.holder(), Attributes.VERSION).filter(version::equals).isPresent();
    return outcome.done() || ownFirstAttempt
        ? WriteResult.published(version)
        : WriteResult.refused(
            outcome.holder().isEmpty() ? Optional.empty() : live(key, outcome.holder(), true));
  }

  private void putAll(List<Map<String, AttributeValue>> items) {
    try {
      gateway.putAll(items);
    } finally {
      items.forEach(item -> recentWrites.add(TableGateway.keyOf(item)));
    }
  }

  /** Whether the write took place or its answer was lost: later reads of the key have to look. */
  private <T> T remembering(String itemKey, Supplier<T> write) {
    try {
      return write.get();
    } finally {
      recentWrites.add(itemKey);
    }
  }
}
