package dev.utsushi.core.settings;

/** The environment variables of the function. */
public enum Setting {
  /** URL of the cluster: scheme and host, no path. */
  SEARCH_ENDPOINT,
  /** {@link SearchAuth}, in lower case. */
  SEARCH_AUTH,
  /** ARN of the Secrets Manager secret with {@code username} and {@code password}, or the key. */
  SEARCH_SECRET_ARN,
  /** The readers' alias. */
  INDEX,
  /** Name of the table's partition key. */
  PARTITION_KEY,
  /** Name of the table's sort key, if it has one. */
  SORT_KEY,
  /** The index's mapping: a resource in the jar, or JSON. */
  MAPPING,
  /** {@link dev.utsushi.core.record.RecordDecoder.TtlDeletes}, in lower case. */
  TTL_DELETES,
  /** An attribute with the time of the write, for lag in milliseconds. */
  LAG_ATTRIBUTE,
  /** ARN of the table whose dead letters are ours; for capture and replay. */
  TABLE_ARN,
  /** URL of the queue where operators look; for capture and replay. */
  DEAD_LETTER_QUEUE_URL,
  /**
   * {@code true} or {@code false}: whether capture writes the records once more before it parks
   * them.
   */
  SECOND_CHANCE;

  static final String PREFIX = "UTSUSHI_";

  /** The variable's name. */
  public String variable() {
    return PREFIX + name();
  }
}
