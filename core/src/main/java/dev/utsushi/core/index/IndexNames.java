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

  /** Returns the path of the component template that says that the index was there. */
  public String markerPath() {
    return "/_component_template/utsushi-" + reader;
  }
}
