package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.cli.dlq.Listing.Entry;

/** What is in a message, for scripts: what the listing says of it, and its records. */
final class ShowJson {
  private ShowJson() {}

  static ObjectNode message(Entry entry, Listing listing, ShownRecords shown, boolean values) {
    ObjectNode json = ListJson.message(entry, listing);
    json.put("recordsAre", shown.state().name()).put("recordsProblem", shown.problem());
    ArrayNode records = json.putArray("records");
    for (ShownRecord each : shown.records()) {
      ObjectNode row =
          records
              .addObject()
              .put("id", each.id())
              .put("eventName", each.eventName())
              .put("changedAt", each.changedAt() == null ? null : each.changedAt().toString())
              .put("sequenceNumber", each.sequenceNumber());
      row.set("keys", each.keys());
      if (values && !each.newImage().isMissingNode()) {
        row.set("newImage", each.newImage());
      }
    }
    return json;
  }
}
