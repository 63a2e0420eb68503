package dev.utsushi.loadtest.traffic;

import dev.utsushi.loadtest.units.TextForm;
import java.util.SplittableRandom;
import java.util.regex.Matcher;

/**
 * The least size of items, in bytes. Written {@code 2000}, or {@code 500..8000} for any size
 * between, all equally likely.
 *
 * @param least 0 for no padding
 */
public record ItemSize(int least, int most) {

  /** Items without padding. */
  public static final ItemSize DEFAULT = new ItemSize(0, 0);

  /** Below DynamoDB's 400 KB, with room for the attributes that an item has anyway. */
  private static final int MAX_BYTES = 390_000;

  private static final TextForm FORM =
      new TextForm("(\\d{1,6})(?:\\.\\.(\\d{1,6}))?", "a size in bytes such as 2000 or 500..8000");

  /**
   * @throws IllegalArgumentException if DynamoDB allows no such items
   */
  public ItemSize {
    if (least < 0 || most < least || most > MAX_BYTES) {
      throw new IllegalArgumentException(
          "an item must be 0 to %,d bytes, not %d to %d".formatted(MAX_BYTES, least, most));
    }
  }

  /**
   * Parses a size.
   *
   * @throws IllegalArgumentException if the text is not a size, with examples of one
   */
  public static ItemSize parse(String text) {
    Matcher matcher = FORM.match(text);
    int least = Integer.parseInt(matcher.group(1));
    return new ItemSize(
        least, matcher.group(2) == null ? least : Integer.parseInt(matcher.group(2)));
  }

  int draw(SplittableRandom random) {
    return least == most ? least : random.nextInt(least, most + 1);
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return least == most ? Integer.toString(least) : least + ".." + most;
  }
}
