package dev.utsushi.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.loadtest.measurement.DeliveredChange;
import dev.utsushi.loadtest.measurement.ItemReader;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.activity.NumberedActions;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Searches for actions by their keys, through the alias that readers use. */
final class ActivityReader implements ItemReader {
  private final SearchApi search;
  private final String readerAlias;
  private final NumberedActions actions;

  ActivityReader(SearchApi search, String readerAlias, NumberedActions actions) {
    this.search = search;
    this.readerAlias = readerAlias;
    this.actions = actions;
  }

  @Override
  public Map<Integer, Integer> newestWrites(Set<Integer> items) throws InterruptedException {
    JsonNode reply;
    try {
      reply = search.send("POST", "/" + readerAlias + "/_search", query(items));
    } catch (SearchException _) {
      // The next look finds it, later: so it is for readers too.
      return Map.of();
    }
    Map<Integer, Integer> newest = new HashMap<>();
    for (JsonNode hit : reply.path("hits").path("hits")) {
      JsonNode source = hit.path("_source");
      newest.put(
          NumberedActions.numberOf(source.path(ActivityTable.SORT_KEY).asText()),
          source.path(DeliveredChange.WRITE_NUMBER).asInt());
    }
    return newest;
  }

  private String query(Set<Integer> items) {
    String keys =
        items.stream()
            .map(item -> actions.key(item).get(ActivityTable.SORT_KEY))
            // Keys of actions are times, digits and a sign: nothing that JSON would escape.
            .map(key -> "\"" + (key == null ? "" : key.s()) + "\"")
            .collect(Collectors.joining(","));
    return """
    {"size":%d,"track_total_hits":false,"_source":["%s","%s"],"query":{"terms":{"%s":[%s]}}}\
    """
        .formatted(
            items.size(),
            ActivityTable.SORT_KEY,
            DeliveredChange.WRITE_NUMBER,
            ActivityTable.SORT_KEY,
            keys);
  }
}
