package dev.utsushi.core.deadletter;

import dev.utsushi.core.change.Version;
import org.jspecify.annotations.Nullable;

/**
 * The records of one shard from one sequence number to another, both included.
 *
 * <p>With a parallelization factor above 1 the range also holds records of other batches. Which
 * records belong to which batch is unknown and irrelevant: a change may be applied again.
 *
 * @param batchSize how many records the failed batch held; the range may hold more
 */
public record StreamRange(
    String streamArn,
    String shardId,
    String startSequenceNumber,
    String endSequenceNumber,
    int batchSize) {
  private static final String STREAM = "/stream/";

  /**
   * @throws IllegalArgumentException if this is not a range of a DynamoDB stream
   */
  public StreamRange {
    if (!streamArn.startsWith("arn:") || !streamArn.contains(STREAM)) {
      throw new IllegalArgumentException("'streamArn' is not the ARN of a DynamoDB stream");
    }
    if (shardId.isBlank()) {
      throw new IllegalArgumentException("'shardId' is empty");
    }
    if (!Version.isSequenceNumber(startSequenceNumber)
        || !Version.isSequenceNumber(endSequenceNumber)) {
      throw new IllegalArgumentException("a sequence number must have 1 to 40 digits");
    }
    if (compare(startSequenceNumber, endSequenceNumber) > 0) {
      throw new IllegalArgumentException("'endSequenceNumber' comes before 'startSequenceNumber'");
    }
  }

  /** Compares sequence numbers as numbers; as texts of different lengths they have no order. */
  public static int compare(String left, String right) {
    return Version.of("", left).compareTo(Version.of("", right));
  }

  /** Returns whether a record with this origin can be in the range; what is unknown can. */
  boolean mayHold(@Nullable String recordStreamArn, @Nullable String sequenceNumber) {
    if (recordStreamArn != null && !recordStreamArn.equals(streamArn)) {
      return false;
    }
    return sequenceNumber == null
        || !Version.isSequenceNumber(sequenceNumber)
        || (compare(startSequenceNumber, sequenceNumber) <= 0
            && compare(sequenceNumber, endSequenceNumber) <= 0);
  }

  /** Returns the ARN of the stream's table. */
  public String tableArn() {
    return streamArn.substring(0, streamArn.indexOf(STREAM));
  }

  public boolean contains(String sequenceNumber) {
    return compare(startSequenceNumber, sequenceNumber) <= 0
        && compare(sequenceNumber, endSequenceNumber) <= 0;
  }

  public boolean endsAtOrBefore(String sequenceNumber) {
    return compare(endSequenceNumber, sequenceNumber) <= 0;
  }
}
