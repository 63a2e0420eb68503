package dev.utsushi.loadtest.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.testbed.comparison.IndexedDocument;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Finds documents as a reader does. It searches by {@code _id}, so that it does not matter how the
 * index maps the keys.
 *
 * @param index the readers' alias
 * @param keys the key of an item by its number, in the order of the table's schema
 */
record DocumentSearch(SearchApi search, String index, IntFunction<Map<String, AttributeValue>> keys)
    implements SearchableProbe.ItemReader {

  /** The attribute with the number of an item's latest write, if the item may have several. */
  static final String WRITE_NUMBER = "writeNumber";

  @Override
  public Map<Integer, Integer> newestWrites(Set<Integer> items) throws InterruptedException {
    try {
      Map<Integer, Integer> newest = new HashMap<>();
      find(items, WRITE_NUMBER)
          .forEach(
              (item, found) -> newest.put(item, found.source().path(WRITE_NUMBER).asInt(item)));
      return newest;
    } catch (SearchException _) {
      // A reader would have to search again too.
      return Map.of();
    }
  }

  /**
   * Returns the documents that readers find, by item.
   *
   * @param fields which members of a document to read: a name, or a pattern
   */
  Map<Integer, IndexedDocument> find(Collection<Integer> items, String fields)
      throws InterruptedException {
    Map<String, Integer> byId = new HashMap<>();
    items.forEach(item -> byId.put(documentId(keys.apply(item)), item));
    ObjectNode query = JsonNodeFactory.instance.objectNode();
    query.put("size", byId.size()).put("track_total_hits", false).put("_source", fields);
    var values = query.putObject("query").putObject("ids").putArray("values");
    byId.keySet().forEach(values::add);
    JsonNode reply = search.send("POST", "/" + index + "/_search", query.toString());
    Map<Integer, IndexedDocument> found = new HashMap<>();
    for (JsonNode hit : reply.path("hits").path("hits")) {
      String id = hit.path("_id").asText();
      Integer item = byId.get(id);
      if (item != null) {
        found.put(item, new IndexedDocument(id, hit.path("_source")));
      }
    }
    return found;
  }

  /** Returns the {@code _id} of the document of the item with this key. */
  static String documentId(Map<String, AttributeValue> key) {
    List<Value> values = key.values().stream().map(DocumentSearch::value).toList();
    return DocumentId.of(
        new ItemKey(values.getFirst(), values.size() == 1 ? null : values.getLast()));
  }

  private static Value value(AttributeValue value) {
    return value.s() == null ? new Value.Decimal(value.n()) : new Value.Text(value.s());
  }
}
