package dev.utsushi.loadtest.generator;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large items are at least, in bytes. Written {@code 2000}, or {@code 500..8000} for any size
 * between, all as likely.
 *
 * @param least 0 for as they come
 */
public record ItemSize(int least, int most) {

  public static final ItemSize AS_IT_COMES = new ItemSize(0, 0);

  /** Below DynamoDB's 400 KB, with room for what an item has anyway. */
  private static final int LARGEST = 390_000;

  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(?:\\.\\.(\\d{1,6}))?");

  /**
   * @throws IllegalArgumentException if DynamoDB has no such items
   */
  public ItemSize {
    if (least < 0 || most < least || most > LARGEST) {
      throw new IllegalArgumentException(
          "an item takes 0 to %,d bytes, not %d to %d".formatted(LARGEST, least, most));
    }
  }

  /**
   * Reads what a person wrote.
   *
   * @throws IllegalArgumentException if the text is no size, saying what one looks like
   */
  public static ItemSize parse(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no size in bytes such as 2000 or 500..8000".formatted(text));
    }
    int least = Integer.parseInt(matcher.group(1));
    return new ItemSize(
        least, matcher.group(2) == null ? least : Integer.parseInt(matcher.group(2)));
  }

  int draw(SplittableRandom random) {
    return least == most ? least : random.nextInt(least, most + 1);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return least == most ? Integer.toString(least) : least + ".." + most;
  }
}
