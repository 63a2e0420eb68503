package dev.utsushi.core.index;

/**
 * The names that derive from the one that readers use.
 *
 * @param reader the alias for readers; its filter hides tombstones
 */
public record IndexNames(String reader) {

  /** Returns the alias that the function writes through. */
  public String writer() {
    return reader + "-write";
  }

  /** Returns the index that both aliases point to at first. */
  public String first() {
    return reader + "-000001";
  }
}
