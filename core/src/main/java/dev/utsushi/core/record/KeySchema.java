package dev.utsushi.core.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of the table's own key attributes.
 *
 * <p>A record's {@code Keys} cannot supply them: it does not say which attribute is the partition
 * key, and it may hold the keys of an index as well.
 *
 * @param partitionKey name of the partition key
 * @param sortKey name of the sort key, or null for a table without one
 */
public record KeySchema(String partitionKey, @Nullable String sortKey) {

  /** Returns the names of the keys. */
  public List<String> names() {
    return sortKey == null ? List.of(partitionKey) : List.of(partitionKey, sortKey);
  }
}
