package dev.utsushi.core.change;

import java.time.Instant;
import java.util.Map;

/** What happened to one item: it now stands as given, or it is gone. */
public sealed interface Change {

  /** The item that changed. */
  ItemKey key();

  /** Where this change stands in the item's history. */
  Version version();

  /** When the table was written, in whole seconds (the stream's own accuracy). */
  Instant changedAt();

  /** The item was inserted or modified; this is all of it. */
  record Upsert(ItemKey key, Version version, Instant changedAt, Map<String, Value> item)
      implements Change {}

  /** The item was removed, by a delete or by its time to live. */
  record Removal(ItemKey key, Version version, Instant changedAt) implements Change {}
}
