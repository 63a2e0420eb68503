package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * The names that derive from the one that readers use.
 *
 * @param reader the alias for readers; its filter hides tombstones
 * @param copy which index is written to
 */
public record IndexNames(String reader, Copy copy) {
  /** What both engines allow in the name of an index. */
  public static final String RULE =
      "must be a valid index name: lower case, without spaces or any of"
          + " \\ / * ? \" < > | , # :, not starting with - _ + or ., at most 248 bytes";

  private static final Pattern VALID =
      Pattern.compile("(?![+_.-])[^\\p{Lu}\\p{Lt}\\p{Cntrl}\\\\/*?\"<>| ,#:]+");

  private static final int MOST_BYTES = 255;

  /**
   * Which index is written to. While an index is rebuilt there are two, and no longer the alias of
   * the only one: whoever still writes by it is told, at once.
   */
  public enum Copy {
    /** The only one. */
    ONLY("-write"),
    /** The one that was there before the rebuild. */
    OLD("-write-old"),
    /** The one that the rebuild creates. */
    NEW("-write-new");

    private final String suffix;

    Copy(String suffix) {
      this.suffix = suffix;
    }
  }

  /** The names of the only index. */
  public IndexNames(String reader) {
    this(reader, Copy.ONLY);
  }

  /** Returns the names of another index for the same readers. */
  public IndexNames of(Copy other) {
    return new IndexNames(reader, other);
  }

  /** Returns whether the engines take these names. */
  public boolean isValid() {
    return VALID.matcher(reader).matches() && first().getBytes(UTF_8).length <= MOST_BYTES;
  }

  /** Returns the alias that the function writes through. */
  public String writer() {
    return reader + copy.suffix;
  }

  /** Returns whether the engines take the longer names that a rebuild needs. */
  boolean canBeRebuilt() {
    return of(Copy.NEW).writer().getBytes(UTF_8).length <= MOST_BYTES;
  }

  /** Returns the name of the index that is built from another, by the number at its end. */
  String next(String index) {
    String start = reader + '-';
    String number = index.startsWith(start) ? index.substring(start.length()) : "";
    int last = number.matches("\\d{6}") ? Integer.parseInt(number) : 1;
    return start + "%06d".formatted(last + 1);
  }

  /** Returns the index that both aliases point to at first. */
  public String first() {
    return reader + "-000001";
  }

  /** Returns the path of the component template that says that the index was there. */
  public String markerPath() {
    return "/_component_template/utsushi-" + reader;
  }
}
