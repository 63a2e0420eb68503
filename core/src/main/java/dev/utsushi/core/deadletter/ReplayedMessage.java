package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import dev.utsushi.core.json.JsonText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message of the dead-letter queue and its copies.
 *
 * @param messageId SQS's; of the first copy
 * @param note why it was kept and what to do; null if there is nothing to say
 * @param failure what Lambda said of its batch; null for a foreign or malformed message
 * @param receives how often it has been received, by anybody
 * @param copies how many messages say the same; 1 in the usual case
 * @param records those that are not settled first
 * @param unlisted how many more records it has, by outcome: a reply has its limits. Empty in the
 *     usual case
 */
public record ReplayedMessage(
    String messageId,
    DeadLetter.Form form,
    Fate fate,
    @Nullable String note,
    @Nullable Origin failure,
    int receives,
    int copies,
    List<ReplayedRecord> records,
    Map<Outcome, Integer> unlisted) {

  /** What was done with it. */
  public enum Fate {
    /** All its records are settled, and it is gone. */
    DELETED,
    /** It is in the queue, as it was. */
    KEPT
  }

  /** Where the batch was and how it failed. */
  public record Origin(
      String streamArn,
      String shardId,
      String startSequenceNumber,
      String endSequenceNumber,
      String condition,
      int invocations,
      Instant failedAt) {
    /** Of a failure that Lambda told. */
    public static Origin of(Failure failure) {
      StreamRange range = failure.range();
      return new Origin(
          range.streamArn(),
          range.shardId(),
          range.startSequenceNumber(),
          range.endSequenceNumber(),
          failure.condition(),
          failure.invocations(),
          failure.failedAt());
    }
  }

  /** How much room it takes in a reply. */
  public int jsonBytes() {
    return JsonText.of(json -> ReplyJson.write(json, this)).getBytes(UTF_8).length;
  }

  /** How many of its records had this outcome, the unlisted among them. */
  public int count(Outcome outcome) {
    long listed = records.stream().filter(each -> each.outcome() == outcome).count();
    return (int) listed + unlisted.getOrDefault(outcome, 0);
  }
}
