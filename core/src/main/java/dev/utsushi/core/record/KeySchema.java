package dev.utsushi.core.record;

import org.jspecify.annotations.Nullable;

/**
 * The names of the table's own key attributes.
 *
 * <p>They are told, not read from a record's {@code Keys}: which of two attributes is the partition
 * key a record does not say, and there may be more than the table's own among them.
 *
 * @param partitionKey name of the partition key
 * @param sortKey name of the sort key, or null for a table without one
 */
public record KeySchema(String partitionKey, @Nullable String sortKey) {}
