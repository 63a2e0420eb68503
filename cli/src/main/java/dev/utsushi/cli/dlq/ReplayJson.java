package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.operations.stack.DeployedStream;
import java.time.Instant;

/** A replay's result for scripts: the function's reply, all invocations in one. */
final class ReplayJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ReplayJson() {}

  static ObjectNode of(DeployedStream stream, Instant at, ReplayResult result) {
    String reply = new ReplayReply(result.dryRun(), result.stopped(), result.messages()).toJson();
    ObjectNode json = ListJson.heading(stream, at);
    try {
      json.setAll((ObjectNode) JSON.readTree(reply));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply is JSON", e);
    }
    return json.put("others", result.others()).put("left", result.kept().size() + result.others());
  }
}
