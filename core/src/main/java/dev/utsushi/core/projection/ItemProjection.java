package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import java.util.Map;
import java.util.Optional;

/**
 * What an index shows of an item, where {@code where} and {@code attributes} can't say it: a class
 * of your own, in a Lambda layer, that a target names as its {@code class}.
 *
 * <p>The class is public and has a public constructor without parameters. Each execution
 * environment creates one instance, and calls it from one thread at a time. Changes, backfill,
 * verification, repair, replay and dry run all ask it, some of them years later. So its result must
 * depend on the item alone: not on the clock, on earlier calls, or on anything outside. {@link
 * ProjectionContract} checks that, and the rest of what is said here.
 */
@FunctionalInterface
public interface ItemProjection {

  /**
   * Returns what the index shows of an item; empty if it does not show it.
   *
   * <p>The result has the keys of the table as they are, under their names: new names come after. A
   * result without them, a null, or an exception fails the record of this item, and no other. Its
   * report names the exception's class and line, and not its message, which could quote the item.
   *
   * @param item the attributes that the target's {@code exclude} or {@code include} leaves, under
   *     the table's names; neither the map nor what is in it may be changed
   */
  Optional<Map<String, Value>> project(Map<String, Value> item);
}
