package dev.utsushi.testbed.comparison;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Lays the items of a table beside the documents of an index, and notes every difference. Items
 * first, then documents, then the {@link #report()}. It holds the whole table in memory.
 */
public final class Comparison {
  private final TableKeys keys;
  private final Map<ComparedKey, Map<String, AttributeValue>> items = new LinkedHashMap<>();
  private final Map<ComparedKey, List<String>> documentIds = new LinkedHashMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private long documents;
  private long tombstones;
  private long overflowed;

  public Comparison(TableKeys keys) {
    this.keys = keys;
  }

  /** An item of the table. */
  public void item(Map<String, AttributeValue> item) {
    items.put(keys.of(item), item);
  }

  /** A document that readers find. */
  public void visible(IndexedDocument document) {
    documents++;
    DocumentParts parts = DocumentParts.of(document);
    noteProblems(document, parts);
    if (parts.tombstone()) {
      malformed(document, "readers find this tombstone");
      return;
    }
    overflowed += parts.overflowed();
    var key = keys.of(parts.attributes());
    var item = key.map(items::get).orElse(null);
    if (item == null) {
      differences.add(new Difference.Extra(document.id()));
      return;
    }
    documentIds.computeIfAbsent(key.orElseThrow(), _ -> new ArrayList<>()).add(document.id());
    compareAttributes(key.orElseThrow(), item, parts);
  }

  /** A document that the index holds and readers do not find. */
  void hidden(IndexedDocument document) {
    DocumentParts parts = DocumentParts.of(document);
    noteProblems(document, parts);
    if (parts.tombstone()) {
      tombstones++;
    } else {
      malformed(document, "readers do not find it, though it is no tombstone");
    }
  }

  /** What was found. */
  public ComparisonReport report() {
    List<Difference> all = new ArrayList<>(differences);
    for (ComparedKey key : items.keySet()) {
      List<String> ids = documentIds.getOrDefault(key, List.of());
      if (ids.isEmpty()) {
        all.add(new Difference.Missing(key.toString()));
      } else if (ids.size() > 1) {
        all.add(new Difference.Doubled(key.toString(), List.copyOf(ids)));
      }
    }
    return new ComparisonReport(items.size(), documents, tombstones, overflowed, all);
  }

  private void compareAttributes(
      ComparedKey key, Map<String, AttributeValue> item, DocumentParts document) {
    Set<String> names = new HashSet<>(item.keySet());
    document.attributes().fieldNames().forEachRemaining(names::add);
    Set<String> different = new TreeSet<>();
    for (String name : names) {
      AttributeValue expected = item.get(name);
      if (expected == null
          || !document.attributes().has(name)
          || !AttributeComparison.equal(
              expected, Objects.requireNonNull(document.attributes().get(name)))) {
        different.add(name);
      }
    }
    if (!different.isEmpty()) {
      differences.add(new Difference.Different(key.toString(), List.copyOf(different)));
    }
  }

  private void noteProblems(IndexedDocument document, DocumentParts parts) {
    parts.problems().forEach(problem -> malformed(document, problem));
  }

  private void malformed(IndexedDocument document, String problem) {
    differences.add(new Difference.Malformed(document.id(), problem));
  }
}
