package dev.utsushi.core.record;

/**
 * What becomes of the document of an item that <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html">DynamoDB's
 * time to live</a> removed.
 */
public enum TtlDeletes {
  /** It goes, as with any other delete. */
  DELETE,
  /** It stays searchable as it was. */
  KEEP
}
