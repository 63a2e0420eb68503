package dev.utsushi.cli.chaos;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which item a document is of: every key that the workload writes is known here. */
final class ItemNames {
  private final Map<String, ItemName> byDocument = new ConcurrentHashMap<>();
  private final Map<String, ItemName> byText = new ConcurrentHashMap<>();

  void add(ItemName item) {
    byDocument.putIfAbsent(item.documentId(), item);
    byText.putIfAbsent(item.text(), item);
  }

  /** An id that is nobody's stands for itself, so that it can be told of. */
  ItemName ofDocument(String documentId) {
    return byDocument.getOrDefault(documentId, new ItemName("document", documentId));
  }

  /** As the comparison of table and index names it. */
  ItemName ofText(String text) {
    return byText.getOrDefault(text, new ItemName("item", text));
  }
}
