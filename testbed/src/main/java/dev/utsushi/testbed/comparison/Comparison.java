package dev.utsushi.testbed.comparison;

import dev.utsushi.testbed.comparison.ExpectedIndex.Shown;
import dev.utsushi.testbed.search.SearchApi;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Compares the items of a table with the documents of an index and collects every difference. Takes
 * the items first, then the documents, then returns the {@link #report()}. Holds the whole table in
 * memory.
 */
public final class Comparison {
  private static final String ALL = "{\"match_all\":{}}";
  private static final String HIDDEN =
      """
      {"bool":{"must_not":{"term":{"_replication.deleted":false}}}}\
      """;

  private final TableKeys keys;
  private final ExpectedIndex index;

  /** What the index must show of the items that it must show. */
  private final Map<List<String>, Shown> items = new LinkedHashMap<>();

  private final Map<List<String>, List<String>> documentIds = new LinkedHashMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private long documents;
  private long tombstones;
  private long overflowed;

  /** Compares with an index of whole items. */
  public Comparison(TableKeys keys) {
    this(keys, ExpectedIndex.whole(""));
  }

  /** Compares with what this index must show. */
  public Comparison(TableKeys keys, ExpectedIndex index) {
    this.keys = keys;
    this.index = index;
  }

  /**
   * Reads a table and its index whole, and compares them. Nobody may write meanwhile.
   *
   * @throws dev.utsushi.testbed.search.SearchException if the index can't be read
   */
  public static ComparisonReport of(
      DynamoDbClient dynamoDb, String table, SearchApi search, ExpectedIndex index)
      throws InterruptedException {
    String concrete = search.send("GET", "/" + index.name(), "").fieldNames().next();
    search.send("POST", "/" + concrete + "/_refresh", "");
    var description = dynamoDb.describeTable(request -> request.tableName(table)).table();
    var comparison = new Comparison(TableKeys.of(description), index);
    dynamoDb
        .scanPaginator(request -> request.tableName(table).consistentRead(true))
        .items()
        .forEach(comparison::item);
    DocumentReader.readAll(search, index.name(), ALL, comparison::visible);
    DocumentReader.readAll(search, concrete, HIDDEN, comparison::hidden);
    return comparison.report();
  }

  /** Takes an item of the table. */
  public void item(Map<String, AttributeValue> item) {
    index.shown(item).ifPresent(shown -> items.put(keys.of(item), shown));
  }

  /** Takes a document that readers find. */
  public void visible(IndexedDocument document) {
    documents++;
    DocumentParts parts = DocumentParts.of(document);
    noteProblems(document, parts);
    if (parts.tombstone()) {
      malformed(document, "readers find this tombstone");
      return;
    }
    overflowed += parts.overflowed().size();
    var key = keys.renamed(index.renames()).of(parts.attributes());
    var item = key.map(items::get).orElse(null);
    if (item == null) {
      differences.add(new Difference.Extra(document.id()));
      return;
    }
    documentIds.computeIfAbsent(key.orElseThrow(), _ -> new ArrayList<>()).add(document.id());
    compareAttributes(key.orElseThrow(), item, parts);
  }

  /** Takes a document that the index holds and readers do not find. */
  void hidden(IndexedDocument document) {
    DocumentParts parts = DocumentParts.of(document);
    noteProblems(document, parts);
    if (parts.tombstone()) {
      tombstones++;
    } else {
      malformed(document, "readers do not find it, though it is no tombstone");
    }
  }

  /** Returns what was found. */
  public ComparisonReport report() {
    List<Difference> all = new ArrayList<>(differences);
    for (List<String> key : items.keySet()) {
      List<String> ids = documentIds.getOrDefault(key, List.of());
      if (ids.isEmpty()) {
        all.add(new Difference.Missing(text(key)));
      } else if (ids.size() > 1) {
        all.add(new Difference.Doubled(text(key), List.copyOf(ids)));
      }
    }
    return new ComparisonReport(items.size(), documents, tombstones, overflowed, all);
  }

  private void compareAttributes(List<String> key, Shown item, DocumentParts document) {
    Set<String> names = new HashSet<>(item.attributes().keySet());
    document.attributes().fieldNames().forEachRemaining(names::add);
    Set<String> different = new TreeSet<>();
    for (String name : names) {
      AttributeValue expected = item.attributes().get(name);
      boolean isMisplaced = item.collided().contains(name) && !document.overflowed().contains(name);
      if (expected == null
          || isMisplaced
          || !AttributeComparison.equal(expected, document.attributes().path(name))) {
        different.add(name);
      }
    }
    if (!different.isEmpty()) {
      differences.add(new Difference.Different(text(key), List.copyOf(different)));
    }
  }

  private static String text(List<String> key) {
    return String.join("|", key);
  }

  private void noteProblems(IndexedDocument document, DocumentParts parts) {
    parts.problems().forEach(problem -> malformed(document, problem));
  }

  private void malformed(IndexedDocument document, String problem) {
    differences.add(new Difference.Malformed(document.id(), problem));
  }
}
