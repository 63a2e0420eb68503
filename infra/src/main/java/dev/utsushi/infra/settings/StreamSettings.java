package dev.utsushi.infra.settings;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.settings.Settings.Setting;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table and the index that copies it: what the file sets for the stream, for all streams, or by
 * default.
 *
 * @param mapping the value of the function's variable: JSON, or a resource in its jar
 * @param filterWarnings how the filter patterns leave documents behind, in whole sentences
 */
public record StreamSettings(
    String index,
    TableSettings table,
    @Nullable String mapping,
    int batchSize,
    int batchingWindowSeconds,
    int parallelizationFactor,
    int maximumRetryAttempts,
    int maximumRecordAgeSeconds,
    boolean bisectBatchOnError,
    String startingPosition,
    List<JsonNode> filterPatterns,
    List<String> filterWarnings,
    int memoryMib,
    int timeoutSeconds,
    String architecture,
    @Nullable Integer reservedConcurrency,
    String ttlDeletes,
    @Nullable String lagAttribute,
    int iteratorAgeAlarmSeconds,
    @Nullable Integer secondChanceSeconds) {

  /** Returns the variables of the stream's functions that the file sets. */
  public Map<Setting, String> variables() {
    Map<Setting, String> variables = new EnumMap<>(Setting.class);
    variables.put(Setting.INDEX, index);
    variables.put(Setting.PARTITION_KEY, table.partitionKey());
    putIfSet(variables, Setting.SORT_KEY, table.sortKey());
    putIfSet(variables, Setting.MAPPING, mapping);
    variables.put(Setting.TTL_DELETES, ttlDeletes);
    putIfSet(variables, Setting.LAG_ATTRIBUTE, lagAttribute);
    return variables;
  }

  private static void putIfSet(
      Map<Setting, String> variables, Setting setting, @Nullable String value) {
    if (value != null) {
      variables.put(setting, value);
    }
  }

  /** Returns whether capture retries failed changes before they become dead letters. */
  public boolean hasSecondChance() {
    return secondChanceSeconds != null;
  }

  /** The table whose stream is read. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = NewTable.class, name = "create"),
    @JsonSubTypes.Type(value = ExistingTable.class, name = "existing")
  })
  public sealed interface TableSettings {
    String partitionKey();

    @Nullable String sortKey();
  }

  /** A new table. */
  public record NewTable(
      @Nullable String name,
      String partitionKey,
      String partitionKeyType,
      @Nullable String sortKey,
      @Nullable String sortKeyType,
      @Nullable String timeToLiveAttribute)
      implements TableSettings {}

  /** An existing table whose stream is enabled. */
  public record ExistingTable(
      String arn, String streamArn, String partitionKey, @Nullable String sortKey)
      implements TableSettings {}
}
