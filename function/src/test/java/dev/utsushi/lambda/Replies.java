package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import java.util.List;

/** What tests ask of a reply. */
final class Replies {
  private Replies() {}

  static List<Outcome> outcomes(ReplayReply reply) {
    return reply.messages().stream()
        .flatMap(message -> message.records().stream())
        .map(ReplayedRecord::outcome)
        .toList();
  }

  static ReplayedRecord record(ReplayedMessage message, String id) {
    return message.records().stream()
        .filter(each -> id.equals(each.id()))
        .findFirst()
        .orElseThrow();
  }
}
