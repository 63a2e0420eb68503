package dev.utsushi.local.stream;

import java.math.BigInteger;

/**
 * A place in a shard: after the record with this number. Sequence numbers have 21 to 40 digits and
 * are ordered as numbers, not as text.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html">SequenceNumber</a>
 */
public record SequenceNumber(String digits) implements Comparable<SequenceNumber> {

  /** The place before every record. */
  public static final SequenceNumber BEGINNING = new SequenceNumber("0");

  boolean isBeginning() {
    return compareTo(BEGINNING) == 0;
  }

  @Override
  public int compareTo(SequenceNumber other) {
    return new BigInteger(digits).compareTo(new BigInteger(other.digits));
  }
}
