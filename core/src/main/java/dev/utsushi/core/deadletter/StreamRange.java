package dev.utsushi.core.deadletter;

import dev.utsushi.core.record.KinesisSource;
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
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html">StreamRecord</a>
   */
  private static final int MOST_DIGITS = 40;

  /**
   * @see <a
   *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Record.html">Record</a>
   */
  private static final int MOST_KINESIS_DIGITS = 129;

  /**
   * @throws IllegalArgumentException if this is not a range of a DynamoDB stream or a Kinesis
   *     stream
   */
  public StreamRange {
    boolean kinesis = KinesisSource.isKinesis(streamArn);
    if (!kinesis && (!streamArn.startsWith("arn:") || !streamArn.contains(STREAM))) {
      throw new IllegalArgumentException(
          "'streamArn' is not the ARN of a DynamoDB stream or a Kinesis stream");
    }
    if (shardId.isBlank()) {
      throw new IllegalArgumentException("'shardId' is empty");
    }
    int most = kinesis ? MOST_KINESIS_DIGITS : MOST_DIGITS;
    if (!isNumber(startSequenceNumber, most) || !isNumber(endSequenceNumber, most)) {
      throw new IllegalArgumentException(
          "a sequence number must have 1 to %d digits".formatted(most));
    }
    if (compare(startSequenceNumber, endSequenceNumber) > 0) {
      throw new IllegalArgumentException("'endSequenceNumber' comes before 'startSequenceNumber'");
    }
  }

  /** Compares sequence numbers as numbers; as texts of different lengths they have no order. */
  public static int compare(String left, String right) {
    String leftDigits = significant(left);
    String rightDigits = significant(right);
    int byLength = Integer.compare(leftDigits.length(), rightDigits.length());
    return byLength != 0 ? byLength : leftDigits.compareTo(rightDigits);
  }

  private static String significant(String number) {
    int zeros = 0;
    while (zeros < number.length() && number.charAt(zeros) == '0') {
      zeros++;
    }
    return number.substring(zeros);
  }

  private static boolean isNumber(String text, int mostDigits) {
    return !text.isEmpty()
        && text.length() <= mostDigits
        && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }

  /** Returns whether a record with this origin can be in the range; what is unknown can. */
  boolean mayHold(@Nullable String recordStreamArn, @Nullable String sequenceNumber) {
    if (recordStreamArn != null && !recordStreamArn.equals(streamArn)) {
      return false;
    }
    return sequenceNumber == null
        || !isNumber(sequenceNumber, MOST_KINESIS_DIGITS)
        || (compare(startSequenceNumber, sequenceNumber) <= 0
            && compare(sequenceNumber, endSequenceNumber) <= 0);
  }

  /** Returns whose range it is: the ARN of the stream's table, or of the Kinesis stream itself. */
  public String source() {
    return isKinesis() ? streamArn : streamArn.substring(0, streamArn.indexOf(STREAM));
  }

  /** Returns whether the stream is a Kinesis stream. */
  public boolean isKinesis() {
    return KinesisSource.isKinesis(streamArn);
  }

  public boolean contains(String sequenceNumber) {
    return compare(startSequenceNumber, sequenceNumber) <= 0
        && compare(sequenceNumber, endSequenceNumber) <= 0;
  }

  public boolean endsAtOrBefore(String sequenceNumber) {
    return compare(endSequenceNumber, sequenceNumber) <= 0;
  }
}
