package dev.utsushi.infra.settings;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.settings.Setting;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table and the index that copies it: what the file sets for the stream, for all streams, or by
 * default.
 *
 * @param mapping the value of the function's variable: JSON, or a resource in its jar
 */
public record StreamSettings(
    String index,
    TableSettings table,
    Optional<String> mapping,
    int batchSize,
    int batchingWindowSeconds,
    int parallelizationFactor,
    int maximumRetryAttempts,
    int maximumRecordAgeSeconds,
    boolean bisectBatchOnError,
    String startingPosition,
    List<JsonNode> filterPatterns,
    int memoryMib,
    int timeoutSeconds,
    String architecture,
    Optional<Integer> reservedConcurrency,
    String ttlDeletes,
    Optional<String> lagAttribute,
    int iteratorAgeAlarmSeconds,
    Optional<Integer> secondChanceSeconds) {

  /** Returns the variables of the stream's functions that the file sets. */
  public Map<Setting, String> variables() {
    Map<Setting, String> variables = new EnumMap<>(Setting.class);
    variables.put(Setting.INDEX, index);
    variables.put(Setting.PARTITION_KEY, table.partitionKey());
    table.sortKey().ifPresent(name -> variables.put(Setting.SORT_KEY, name));
    mapping.ifPresent(json -> variables.put(Setting.MAPPING, json));
    variables.put(Setting.TTL_DELETES, ttlDeletes);
    lagAttribute.ifPresent(name -> variables.put(Setting.LAG_ATTRIBUTE, name));
    return variables;
  }

  /** The table whose stream is read. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = NewTable.class, name = "create"),
    @JsonSubTypes.Type(value = ExistingTable.class, name = "existing")
  })
  public sealed interface TableSettings {
    String partitionKey();

    Optional<String> sortKey();
  }

  /** A new table. */
  public record NewTable(
      Optional<String> name,
      String partitionKey,
      String partitionKeyType,
      Optional<String> sortKey,
      Optional<String> sortKeyType,
      Optional<String> timeToLiveAttribute)
      implements TableSettings {}

  /** An existing table whose stream is enabled. */
  public record ExistingTable(
      String arn, String streamArn, String partitionKey, Optional<String> sortKey)
      implements TableSettings {}
}
