package dev.utsushi.core.index;

/** Is told what happens on the way to an outcome. */
public interface WriteListener {

  /**
   * Writes are about to be tried again inside the invocation.
   *
   * @param writes how many
   * @param cause why the first of them did not succeed
   */
  void retrying(int writes, String cause);

  /**
   * The standing index refuses the mapping that it was given: it keeps its own, and attributes that
   * do not fit go to the overflow until the index is built anew.
   *
   * @param cause the engine's error type
   */
  void mappingRefused(String cause);
}
