package dev.utsushi.core.index;

/**
 * The names that derive from the one that readers use.
 *
 * @param reader the alias for readers; its filter hides tombstones
 */
public record IndexNames(String reader) {

  /** The alias that the function writes through. */
  public String writer() {
    return reader + "-write";
  }

  /** The index that stands behind both aliases at first. */
  public String first() {
    return reader + "-000001";
  }
}
