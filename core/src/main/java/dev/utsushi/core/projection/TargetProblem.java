package dev.utsushi.core.projection;

/**
 * Something to fix in the settings of targets.
 *
 * @param pointer where, as a JSON pointer
 * @param what follows the name of that place
 */
public record TargetProblem(String pointer, String what) {

  /** Returns the pointer of a member of what is at another. */
  static String below(String pointer, String name) {
    return pointer + '/' + name.replace("~", "~0").replace("/", "~1");
  }
}
