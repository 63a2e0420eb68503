package dev.utsushi.core.change;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change to one item: its new image, or its removal. */
public sealed interface Change {

  /** Returns the key of the item. */
  ItemKey key();

  /** Returns the position of this change in the item's history. */
  Version version();

  /**
   * Returns when the table was written, in whole seconds (the stream's own accuracy); null where
   * the record does not say.
   */
  @Nullable Instant changedAt();

  /** The item was inserted or modified; the change has all of its attributes. */
  record Upsert(ItemKey key, Version version, @Nullable Instant changedAt, Map<String, Value> item)
      implements Change {}

  /** The item was removed, by a delete or by its time to live. */
  record Removal(ItemKey key, Version version, @Nullable Instant changedAt) implements Change {}
}
