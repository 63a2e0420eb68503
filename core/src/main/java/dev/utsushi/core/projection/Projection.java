package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which items an index shows, and what of them.
 *
 * @param where the items
 * @param selection the attributes
 * @param renames new names of attributes, by their names in the table
 * @param digest distinguishes one projection from another; empty for whole items, all of them
 */
public record Projection(
    ItemPattern where, Selection selection, Map<String, String> renames, String digest) {
  /** Shows every item as it is. */
  public static final Projection WHOLE =
      new Projection(ItemPattern.ALL, Selection.Plain.ALL, Map.of(), "");

  /**
   * What an index shows of an item.
   *
   * @param collided the attributes whose new names the item has already: they keep their own, and
   *     must not be fields
   */
  public record Projected(Map<String, Value> item, Set<String> collided) {}

  /** Returns whether every item is shown as it is. */
  public boolean isWhole() {
    return digest.isEmpty();
  }

  /** Returns whether some items are not shown at all. */
  public boolean chooses() {
    return !where.equals(ItemPattern.ALL);
  }

  /** Returns whether the item is shown. */
  public boolean matches(Map<String, Value> item) {
    return where.matches(item);
  }

  /** Returns what is shown of an item. */
  public Projected of(Map<String, Value> item) {
    Map<String, Value> selected = selection.equals(Selection.Plain.ALL) ? item : selection.of(item);
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

  /** Returns the attributes that a dead letter must hold for this index. */
  Selection retained(Map<String, Value> item) {
    Selection asked = new Selection.Only(where.paths());
    return matches(item) ? Selection.either(List.of(selection, asked)) : asked;
  }
}
