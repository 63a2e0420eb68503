package dev.utsushi.loadtest.measurement;

/**
 * A stream record on its way into the function.
 *
 * @param writeNumber as the item holds it: the write's own, or, for a removal, that of the write
 *     which left what is removed; negative for a write that is no part of the test
 */
public record DeliveredChange(String sequenceNumber, int writeNumber, boolean removal) {

  /** The attribute with the number of the write that left the item as it is. */
  public static final String WRITE_NUMBER = "writeNumber";
}
