package dev.utsushi.loadtest.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.testbed.comparison.IndexedDocument;
import dev.utsushi.testbed.search.SearchApi;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Finds documents as a reader does. It searches by {@code _id}, so that it does not matter how the
 * index maps the keys.
 *
 * @param index the readers' alias
 * @param ids the {@code _id} of an item's document, by the item's number
 */
record DocumentSearch(SearchApi search, String index, IntFunction<String> ids) {

  /**
   * Returns the documents that readers find, by item.
   *
   * @param fields which members of a document to read: a name, or a pattern
   */
  Map<Integer, IndexedDocument> find(Collection<Integer> items, String fields)
      throws InterruptedException {
    Map<String, Integer> byId = new HashMap<>();
    items.forEach(item -> byId.put(ids.apply(item), item));
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
}
