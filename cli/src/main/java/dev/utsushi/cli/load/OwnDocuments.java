package dev.utsushi.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.loadtest.measurement.ItemReader;
import dev.utsushi.testbed.comparison.IndexedDocument;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The documents of a run's items, as readers find them. Looked for by {@code _id}: nothing is known
 * of how the index maps its keys.
 */
final class OwnDocuments implements ItemReader {
  private final SearchApi search;
  private final String readerAlias;
  private final OwnItems items;

  OwnDocuments(SearchApi search, String readerAlias, OwnItems items) {
    this.search = search;
    this.readerAlias = readerAlias;
    this.items = items;
  }

  /** Every write is of an item of its own, with the same number. */
  @Override
  public Map<Integer, Integer> newestWrites(Set<Integer> numbers) throws InterruptedException {
    try {
      Map<Integer, Integer> found = new HashMap<>();
      find(numbers, false).keySet().forEach(number -> found.put(number, number));
      return found;
    } catch (SearchException _) {
      // The next look finds it, later: so it is for readers too.
      return Map.of();
    }
  }

  /**
   * Those that a search finds now, by number.
   *
   * @param whole or without their source
   * @throws SearchException if the index can't be asked
   */
  Map<Integer, IndexedDocument> find(Collection<Integer> numbers, boolean whole)
      throws InterruptedException {
    Map<String, Integer> byId = new HashMap<>();
    numbers.forEach(number -> byId.put(items.documentId(number), number));
    JsonNode reply =
        search.send("POST", "/" + readerAlias + "/_search", query(byId.keySet(), whole));
    Map<Integer, IndexedDocument> found = new TreeMap<>();
    for (JsonNode hit : reply.path("hits").path("hits")) {
      String id = hit.path("_id").asText();
      Integer number = byId.get(id);
      if (number != null) {
        found.put(number, new IndexedDocument(id, hit.path("_source")));
      }
    }
    return found;
  }

  private static String query(Set<String> ids, boolean whole) {
    ObjectNode query = JsonNodeFactory.instance.objectNode();
    query.put("size", ids.size()).put("track_total_hits", false).put("_source", whole);
    var values = query.putObject("query").putObject("ids").putArray("values");
    ids.forEach(values::add);
    return query.toString();
  }
}
