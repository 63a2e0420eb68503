package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.index.Outcome.Kind;
import java.util.List;

/** Reads replies of a replay. */
final class Replies {
  private Replies() {}

  static List<Kind> outcomes(ReplayReply reply) {
    return reply.messages().stream()
        .flatMap(message -> message.records().stream())
        .map(Replayed::outcome)
        .toList();
  }

  static Replayed record(ReplayReply.Message message, String id) {
    return message.records().stream()
        .filter(each -> id.equals(each.id()))
        .findFirst()
        .orElseThrow();
  }
}
