package dev.utsushi.core.telemetry;

/** The metrics, with their names in CloudWatch. */
public enum Metric {
  /** Documents written. */
  APPLIED("Applied", "Count"),
  /** Changes whose document already had the same version or a newer one. */
  SUPERSEDED("Superseded", "Count"),
  /** Changes that the engine could not take in time. */
  DEFERRED("Deferred", "Count"),
  /** Changes that the engine rejected. */
  REJECTED("Rejected", "Count"),
  /** Records that could not be understood. */
  UNREADABLE("Unreadable", "Count"),
  /** Expiries that left their document as it was, as configured. */
  EXPIRIES_KEPT("ExpiriesKept", "Count"),
  /** Records that no index shows, and those of a dead letter that the mapping filters out. */
  FILTERED("Filtered", "Count"),
  /** Attributes that the index could not hold as fields. */
  OVERFLOWED_ATTRIBUTES("OverflowedAttributes", "Count"),
  /** Writes retried inside an invocation. */
  RETRIES("Retries", "Count"),
  /** Time from the write to the table until the document was written. */
  LAG("Lag", "Milliseconds"),
  /** Time of all round trips of an invocation to the engine. */
  WRITE_DURATION("WriteDuration", "Milliseconds"),
  /**
   * Items and documents that differ when a verification ends. A zero says that all were compared:
   * there is none while some could not be.
   */
  DRIFT("Drift", "Count"),
  /** Differences that the verification mended. */
  REPAIRED("Repaired", "Count"),
  /** Items that changed whenever the verification compared them. */
  NOT_COMPARED("NotCompared", "Count"),
  /** The age of the oldest record that a worker has read and not settled. */
  ITERATOR_AGE("IteratorAge", "Milliseconds"),
  /** Records that a worker has processed, filtered out or given up. */
  SETTLED("Settled", "Count"),
  /** Documents written to one of several indexes of a table. */
  DOCUMENTS("Documents", "Count"),
  /** Tombstones written to one of them: an item left it, or was removed. */
  TOMBSTONES("Tombstones", "Count"),
  /** Writes to one of them that failed. */
  FAILED_WRITES("FailedWrites", "Count");

  /** The namespace of all of them. */
  public static final String NAMESPACE = "Utsushi";

  /** The readers' alias: a dimension of each of them. */
  public static final String INDEX_DIMENSION = "Index";

  /** The stack, if the function is told its name: their other dimension. */
  public static final String STACK_DIMENSION = "Stack";

  private final String title;
  private final String unit;

  Metric(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** Returns the name in CloudWatch. */
  public String title() {
    return title;
  }

  /** Returns the unit, as CloudWatch spells it. */
  public String unit() {
    return unit;
  }
}
