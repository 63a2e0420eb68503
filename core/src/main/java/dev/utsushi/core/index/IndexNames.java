package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * The names that derive from the one that readers use.
 *
 * @param reader the alias for readers; its filter hides tombstones
 */
public record IndexNames(String reader) {
  /** What both engines allow in the name of an index. */
  public static final String RULE =
      "must be a valid index name: lower case, without spaces or any of"
          + " \\ / * ? \" < > | , # :, not starting with - _ + or ., at most 248 bytes";

  private static final Pattern VALID =
      Pattern.compile("(?![+_.-])[^\\p{Lu}\\p{Lt}\\p{Cntrl}\\\\/*?\"<>| ,#:]+");

  private static final int MOST_BYTES = 255;

  /** Returns whether the engines take these names. */
  public boolean isValid() {
    return VALID.matcher(reader).matches() && first().getBytes(UTF_8).length <= MOST_BYTES;
  }

  /** Returns the alias that the function writes through. */
  public String writer() {
    return reader + "-write";
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
