package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * One write of a bulk request, as it passes the proxy.
 *
 * @param refines whether it is a try of the search for what fits the mapping, which may replace its
 *     own version
 */
record BulkWrite(String documentId, String version, boolean refines, boolean deleted) {

  static boolean isBulk(FaultProxy.Request request) {
    return request.path().contains("/_bulk");
  }

  /**
   * The writes of a request.
   *
   * @throws IOException if it is not a bulk request as the function sends it
   */
  static List<BulkWrite> of(FaultProxy.Request request) throws IOException {
    List<BulkWrite> writes = new ArrayList<>();
    for (Iterator<String> lines = request.body().lines().iterator(); lines.hasNext(); ) {
      String action = lines.next();
      if (!action.isBlank() && lines.hasNext()) {
        writes.add(of(SearchApi.parse(action), SearchApi.parse(lines.next())));
      }
    }
    return writes;
  }

  private static BulkWrite of(JsonNode action, JsonNode update) {
    JsonNode parameters = update.path("script").path("params");
    JsonNode replication = parameters.path("document").path("_replication");
    return new BulkWrite(
        action.path("update").path("_id").asText(),
        replication.path("version").asText(),
        parameters.path("refines").asBoolean(),
        replication.path("deleted").asBoolean());
  }

  String line() {
    return (refines ? "refining " : "") + (deleted ? "tombstone " : "document ") + version;
  }
}
