package dev.utsushi.core.change;

/**
 * The position of a change in the history of its item: {@code <stream label>/<sequence number>},
 * the number padded with zeros to 40 digits, so that plain string comparison orders versions.
 *
 * <p>A <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html">sequence
 * number</a> is a decimal string of 21 to 40 digits: too long for a {@code long}, and of varying
 * length, so unpadded strings do not compare. The label, the time at which the stream was switched
 * on, comes first because the stream of a table that is switched off and on again may number from
 * low again.
 */
public record Version(String text) implements Comparable<Version> {
  private static final int SEQUENCE_NUMBER_DIGITS = 40;
  private static final String ZEROS = "0".repeat(SEQUENCE_NUMBER_DIGITS);

  /** Of an item that was read from the table itself: every change of a stream is newer. */
  public static final Version BACKFILL = of("0000-01-01T00:00:00.000", "0");

  /**
   * Returns the version of the record with this sequence number.
   *
   * @param streamLabel the last part of the stream's ARN, a time stamp of fixed length
   * @param sequenceNumber 1 to 40 decimal digits
   * @throws IllegalArgumentException if the sequence number is anything else
   */
  public static Version of(String streamLabel, String sequenceNumber) {
    if (!isSequenceNumber(sequenceNumber)) {
      throw new IllegalArgumentException("Not a sequence number of 1 to 40 digits.");
    }
    return new Version(
        streamLabel + '/' + ZEROS.substring(sequenceNumber.length()) + sequenceNumber);
  }

  /** Returns whether the text is 1 to 40 decimal digits. */
  public static boolean isSequenceNumber(String text) {
    return !text.isEmpty()
        && text.length() <= SEQUENCE_NUMBER_DIGITS
        && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }

  /** Returns the label of the stream that this change came from. */
  public String streamLabel() {
    return text.substring(0, text.indexOf('/'));
  }

  @Override
  public int compareTo(Version other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
