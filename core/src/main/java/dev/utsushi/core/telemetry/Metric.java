package dev.utsushi.core.telemetry;

/** The metrics, by the names that they have in CloudWatch. */
public enum Metric {
  /** Documents written. */
  APPLIED("Applied", "Count"),
  /** Changes whose document stood at the same version or a newer one. */
  SUPERSEDED("Superseded", "Count"),
  /** Changes that the engine could not take in time. */
  DEFERRED("Deferred", "Count"),
  /** Changes that the engine refused. */
  REJECTED("Rejected", "Count"),
  /** Records that could not be understood. */
  UNREADABLE("Unreadable", "Count"),
  /** Expiries that left their document as it was, as set. */
  EXPIRIES_KEPT("ExpiriesKept", "Count"),
  /** Attributes that the index could not hold as fields. */
  OVERFLOWED_ATTRIBUTES("OverflowedAttributes", "Count"),
  /** Writes tried again inside an invocation. */
  RETRIES("Retries", "Count"),
  /** From the write to the table until the document was written. */
  LAG("Lag", "Milliseconds"),
  /** All round trips of an invocation to the engine. */
  WRITE_DURATION("WriteDuration", "Milliseconds");

  /** The namespace of all of them. */
  public static final String NAMESPACE = "Utsushi";

  /** Their one dimension: the readers' alias. */
  public static final String DIMENSION = "Index";

  private final String title;
  private final String unit;

  Metric(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** The name in CloudWatch. */
  public String title() {
    return title;
  }

  /** The unit in CloudWatch's words. */
  public String unit() {
    return unit;
  }
}
