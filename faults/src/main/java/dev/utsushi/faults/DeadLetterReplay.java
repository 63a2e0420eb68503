package dev.utsushi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.faults.checker.FinalState.KeptMessage;
import dev.utsushi.faults.history.ChaosException;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.Operation.Replayed;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replays all dead letters, as an operator does, and observes the replies. It reads them itself and
 * shares no code with the function.
 */
final class DeadLetterReplay {
  private static final int MAX_REPLAYS = 10;

  /** Outcomes after which a record need not be replayed again. */
  private static final Set<String> PROCESSED =
      Set.of("APPLIED", "SUPERSEDED", "EXPIRY_KEPT", "FILTERED");

  /** Messages that were seen, by id; those with copies are kept. */
  private final Map<String, KeptMessage> messages = new LinkedHashMap<>();

  private final Invocable replay;
  private final History history;

  DeadLetterReplay(Invocable replay, History history) {
    this.replay = replay;
    this.history = history;
  }

  /**
   * Replays until the queue is empty or holds nothing new.
   *
   * @return the messages that are still in the queue
   * @throws ChaosException if the function fails
   */
  List<KeptMessage> run() throws InterruptedException {
    for (int i = 0; i < MAX_REPLAYS; i++) {
      int before = messages.size();
      JsonNode reply = reply();
      for (JsonNode message : reply.path("messages")) {
        messages.put(message.path("messageId").asText(), observe(message));
      }
      if (reply.path("stopped").asText().equals("EMPTY") || messages.size() == before) {
        break;
      }
    }
    return messages.values().stream().filter(message -> message.copies() > 0).toList();
  }

  private JsonNode reply() throws InterruptedException {
    InvocationResult result = replay.invoke("{}".getBytes(UTF_8));
    if (result instanceof InvocationResult.Succeeded(_, String payload)) {
      try {
        return SearchApi.parse(payload);
      } catch (IOException e) {
        throw new ChaosException("the replay's reply is not JSON", e);
      }
    }
    throw new ChaosException("the replay failed: " + result);
  }

  private KeptMessage observe(JsonNode message) {
    List<String> unprocessed = new ArrayList<>();
    for (JsonNode each : message.path("records")) {
      String version = each.path("version").asText();
      String outcome = each.path("outcome").asText();
      boolean processed = PROCESSED.contains(outcome);
      history
          .delivered(version)
          .ifPresent(known -> history.append(new Replayed(known, outcome, processed)));
      if (!processed) {
        unprocessed.add(version);
      }
    }
    boolean kept = message.path("fate").asText().equals("KEPT");
    return new KeptMessage(
        kept ? message.path("copies").asInt() : 0, kept ? unprocessed : List.of());
  }
}
