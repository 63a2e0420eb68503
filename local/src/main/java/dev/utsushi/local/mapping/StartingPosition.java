package dev.utsushi.local.mapping;

/** Where a mapping without checkpoints starts to read. */
public enum StartingPosition {
  /** At the oldest record that the stream still holds. */
  TRIM_HORIZON,
  /** After the newest record there is when the mapping starts. */
  LATEST
}
