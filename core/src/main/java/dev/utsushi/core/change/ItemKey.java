package dev.utsushi.core.change;

import org.jspecify.annotations.Nullable;

/**
 * The primary key of an item.
 *
 * @param partition the partition key's value: text, decimal or binary
 * @param sort the sort key's value, or null for a table without a sort key
 */
public record ItemKey(Value partition, @Nullable Value sort) {}
