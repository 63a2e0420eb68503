package dev.utsushi.testbed.comparison;

import java.util.List;

/** Something that is not the same in table and index; told by keys and names, never by content. */
public sealed interface Difference {

  /** An item that readers do not find. */
  record Missing(String key) implements Difference {}

  /** A document that readers find and that no item stands behind. */
  record Extra(String documentId) implements Difference {}

  /** Attributes that are not what the item has: changed, lost, or left behind. */
  record Different(String key, List<String> attributes) implements Difference {}

  /** An item with several documents. */
  record Doubled(String key, List<String> documentIds) implements Difference {}

  /** A document that is not as the design says one looks. */
  record Malformed(String documentId, String problem) implements Difference {}

  /** One line about it. */
  default String line() {
    return switch (this) {
      case Missing(String key) -> "missing in the index: " + key;
      case Extra(String id) -> "extra in the index: " + id;
      case Different(String key, List<String> attributes) ->
          "different: " + key + " in " + String.join(", ", attributes);
      case Doubled(String key, List<String> ids) ->
          "doubled: " + key + " as " + String.join(" and ", ids);
      case Malformed(String id, String problem) -> "malformed: " + id + ": " + problem;
    };
  }
}
