package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.cli.dlq.Listing.Entry;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.stream.RangeReader;
import java.util.List;

/** {@code utsushi dlq show}. */
public final class Viewer {
  private final Asked asked;

  public Viewer(Asked asked) {
    this.asked = asked;
  }

  /**
   * Shows what is in messages.
   *
   * @param prefixes how the ids of those that are meant begin; empty for all
   * @param values whether items are shown, not their keys alone
   * @throws OperationException if it can't, or a prefix is no message's
   */
  public void run(List<String> prefixes, int max, boolean values) {
    try (Connection connection = asked.connect()) {
      Listing listing = connection.listWithRecords(max, asked.terminal());
      List<Entry> entries = listing.matching(prefixes);
      var reader = new RangeReader(connection.clients().streams());
      ObjectNode json = ListJson.heading(connection.stream(), listing.at());
      ArrayNode messages = json.put("complete", listing.complete()).putArray("messages");
      var screen = new ShowScreen(asked.terminal(), listing, values);
      for (Entry entry : entries) {
        ShownRecords records =
            ShownRecords.of(entry.letter().content(), reader, connection.stream().keySchema());
        if (asked.json() == null) {
          screen.show(entry, records);
        } else {
          messages.add(ShowJson.message(entry, listing, records, values));
        }
      }
      if (!asked.answered(json)) {
        screen.end(entries.size(), connection.stream());
      }
    }
  }
}
