package dev.utsushi.stream;

import java.util.List;

/** What reading a range gave. Records are JSON, as Lambda's event has them. */
public sealed interface RangeRead {

  /** Every record of it. */
  record Whole(List<String> records) implements RangeRead {}

  /** The stream has forgotten some of it; these are left. */
  record PartlyExpired(List<String> records) implements RangeRead {}

  /** The stream has forgotten all of it: nobody can tell any more which items these were. */
  record Expired() implements RangeRead {}

  /**
   * It can't be read now.
   *
   * @param cause the error's type
   */
  record Unavailable(String cause) implements RangeRead {}

  /** It holds more than can be kept in memory. */
  record TooLarge() implements RangeRead {}
}
