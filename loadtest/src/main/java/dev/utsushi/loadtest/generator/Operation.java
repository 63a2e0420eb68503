package dev.utsushi.loadtest.generator;

/** What a write does to its item. */
public enum Operation {
  /** The item is not there, or is replaced whole. */
  INSERT,
  UPDATE,
  DELETE
}
