package dev.utsushi.loadtest.traffic;

import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.units.TextForm;
import java.util.SplittableRandom;
import java.util.regex.Matcher;

/** How often each operation occurs. Written {@code 70,22,8}: inserts, updates, deletes. */
public record WriteMix(int inserts, int updates, int deletes) {

  /** How people work on an activity log: mostly new actions, some edits, a few deletions. */
  public static final WriteMix ACTIVITY_LOG = new WriteMix(70, 22, 8);

  private static final TextForm FORM =
      new TextForm(
          "(\\d{1,4}),(\\d{1,4}),(\\d{1,4})",
          "a mix of inserts, updates and deletes such as 70,22,8");

  /**
   * @throws IllegalArgumentException without inserts: there must be something to update
   */
  public WriteMix {
    if (inserts < 1 || updates < 0 || deletes < 0) {
      throw new IllegalArgumentException("a mix needs at least one part of inserts");
    }
  }

  /**
   * Parses a mix.
   *
   * @throws IllegalArgumentException if the text is not a mix, with an example of one
   */
  public static WriteMix parse(String text) {
    Matcher matcher = FORM.match(text);
    return new WriteMix(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  Operation draw(SplittableRandom random) {
    int drawn = random.nextInt(inserts + updates + deletes);
    if (drawn < inserts) {
      return Operation.INSERT;
    }
    return drawn < inserts + updates ? Operation.UPDATE : Operation.DELETE;
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return "%d,%d,%d".formatted(inserts, updates, deletes);
  }
}
