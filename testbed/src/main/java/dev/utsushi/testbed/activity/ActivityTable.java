package dev.utsushi.testbed.activity;

import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The table of the activity log. */
public final class ActivityTable {
  private ActivityTable() {}

  /** The name of the table and of the readers' alias. */
  public static final String NAME = "activity-logs";

  /** The deal that the action belongs to. */
  public static final String PARTITION_KEY = "dealId";

  /** {@code <time of the action>#<action id>}, so that a deal's actions are in order of time. */
  public static final String SORT_KEY = "actionKey";

  public static final List<KeyAttribute> KEYS =
      List.of(
          new KeyAttribute(PARTITION_KEY, ScalarAttributeType.S),
          new KeyAttribute(SORT_KEY, ScalarAttributeType.S));

  /** When the item was written, in milliseconds since the epoch; lag is counted from here. */
  public static final String WRITTEN_AT = "writtenAt";

  /** The index mapping for this table, a resource in the function's jar. */
  public static final String MAPPING_RESOURCE = "activity-log.json";
}
