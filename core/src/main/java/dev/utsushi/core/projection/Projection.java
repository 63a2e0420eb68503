package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.projection.OwnProjection.FailedException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which items an index shows, and what of them.
 *
 * @param where the items
 * @param selection the attributes
 * @param own says the rest; null if there is no such class
 * @param renames new names of attributes, by their names in the table
 * @param digest distinguishes one projection from another; empty for whole items, all of them
 */
public record Projection(
    ItemPattern where,
    Selection selection,
    @Nullable OwnProjection own,
    Map<String, String> renames,
    String digest) {
  /** Shows every item as it is. */
  public static final Projection WHOLE =
      new Projection(ItemPattern.ALL, Selection.Plain.ALL, null, Map.of(), "");

  /** What an index shows of an item. */
  public sealed interface View {}

  /** The index does not show the item. */
  public record Hidden() implements View {}

  /**
   * Nobody knows what the index shows of the item, since the class of its target fails for it.
   *
   * @param reason holds nothing of the item
   */
  public record Unknown(String reason) implements View {}

  /**
   * What the index shows.
   *
   * @param collided the attributes whose new names the item has already: they keep their own, and
   *     must not be fields
   */
  public record Projected(Map<String, Value> item, Set<String> collided) implements View {}

  /** Returns whether every item is shown as it is. */
  public boolean isWhole() {
    return digest.isEmpty();
  }

  /** Returns whether some items are not shown at all. */
  public boolean chooses() {
    return own != null || !where.equals(ItemPattern.ALL);
  }

  /** Returns whether the pattern takes the item. */
  boolean matches(Map<String, Value> item) {
    return where.matches(item);
  }

  /** Returns what is shown of an item. */
  public View view(Map<String, Value> item) {
    if (!matches(item)) {
      return new Hidden();
    }
    if (own == null) {
      return of(item);
    }
    try {
      return own.of(selected(item)).<View>map(this::renamed).orElseGet(Hidden::new);
    } catch (FailedException e) {
      return new Unknown(String.valueOf(e.getMessage()));
    }
  }

  /** Returns what is shown of an item that the pattern takes, but for the class. */
  Projected of(Map<String, Value> item) {
    return renamed(selected(item));
  }

  private Map<String, Value> selected(Map<String, Value> item) {
    return selection.equals(Selection.Plain.ALL) ? item : selection.of(item);
  }

  private Projected renamed(Map<String, Value> selected) {
    if (renames.isEmpty()) {
      return new Projected(selected, Set.of());
    }
    Map<String, Value> renamed = LinkedHashMap.newLinkedHashMap(selected.size());
    Set<String> collided = new LinkedHashSet<>();
    selected.forEach(
        (name, value) -> {
          String other = renames.getOrDefault(name, name);
          boolean collides = !other.equals(name) && selected.containsKey(other);
          renamed.put(collides ? name : other, value);
          if (collides) {
            collided.add(name);
          }
        });
    return new Projected(renamed, collided);
  }

  /** Returns the name under which the index shows an attribute. */
  public String nameOf(String attribute) {
    return renames.getOrDefault(attribute, attribute);
  }

  /** Returns the attributes that a dead letter must hold for this index: all that a class gets. */
  Selection retained(Map<String, Value> item) {
    Selection asked = new Selection.Only(where.paths());
    return matches(item) ? Selection.either(List.of(selection, asked)) : asked;
  }
}
