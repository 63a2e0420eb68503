package dev.utsushi.deadletter;

import dev.utsushi.deadletter.ReplayedRecord.Outcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message of the dead-letter queue and its copies.
 *
 * @param messageId SQS's; of the first copy
 * @param note why it was kept and what to do; null if there is nothing to say
 * @param failure what Lambda said of its batch; null for a foreign or malformed message
 * @param receives how often it has been received, by anybody
 * @param copies how many messages say the same; 1 in the usual case
 */
public record ReplayedMessage(
    String messageId,
    DeadLetter.Form form,
    Fate fate,
    @Nullable String note,
    @Nullable Origin failure,
    int receives,
    int copies,
    List<ReplayedRecord> records) {

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

  /** Whether every record is settled. */
  public boolean isSettled() {
    return !records.isEmpty()
        && records.stream().map(ReplayedRecord::outcome).allMatch(Outcome::isSettled);
  }
}
