package dev.larder.dynamodb;

import java.util.List;
import java.util.stream.Stream;

/** What a read without bodies asks for: every attribute but {@code body} and a part's. */
final class Heads {
  static final List<String> ATTRIBUTES =
      List.of(
          Attributes.KEY,
          Attributes.KIND,
          Attributes.FORMAT,
          Attributes.VERSION,
          Attributes.TTL,
          Attributes.URL,
          Attributes.HOST,
          Attributes.METHOD,
          Attributes.STATUS,
          Attributes.HEADERS,
          Attributes.REQUEST,
          Attributes.REQUEST_URL,
          Attributes.REQUEST_BODY,
          Attributes.CREATED,
          Attributes.REQUESTED,
          Attributes.RESPONDED,
          Attributes.EXPIRES,
          Attributes.EXPLICIT,
          Attributes.DIGEST,
          Attributes.LENGTH,
          Attributes.ENCODING,
          Attributes.PARTS,
          Attributes.PARTS_TTL,
          Attributes.STORED,
          Attributes.RANGE,
          Attributes.CREDENTIAL,
          Attributes.TAGS,
          Attributes.EXACT,
          Attributes.TARGET,
          Attributes.VARY,
          Attributes.VARIANTS,
          Attributes.INVALIDATED_AT,
          Attributes.PURGED_BEFORE,
          Attributes.VALUE,
          Attributes.SEALED,
          Attributes.SEALED_REQUEST);

  /** The same, and what parts have besides: enough to tell the size of any item. */
  static final List<String> ATTRIBUTES_AND_INDEX =
      Stream.concat(ATTRIBUTES.stream(), Stream.of(Attributes.INDEX)).toList();

  private Heads() {}
}
