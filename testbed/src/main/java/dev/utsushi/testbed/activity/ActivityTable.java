package dev.utsushi.testbed.activity;

/** The table of the activity log: {@code action_logs}. */
public final class ActivityTable {
  private ActivityTable() {}

  public static final String NAME = "action_logs";

  /** The deal that the action belongs to. */
  public static final String PARTITION_KEY = "dealId";

  /** {@code <time of the action>#<action id>}: a deal's actions lie in the order of time. */
  public static final String SORT_KEY = "actionKey";

  /** When the item was written, in milliseconds since the epoch; lag is counted from here. */
  public static final String WRITTEN_AT = "writtenAt";
}
