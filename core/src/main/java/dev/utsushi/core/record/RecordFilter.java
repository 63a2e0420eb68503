package dev.utsushi.core.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Ruler;

/**
 * The <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html">filters</a> of
 * the event source mapping, for records that are read back from the stream: a range also holds
 * records that the mapping filtered out.
 */
public final class RecordFilter {
  /** Lets every record through. */
  public static final RecordFilter NONE = new RecordFilter(List.of());

  private final List<String> patterns;

  /**
   * Creates a filter that lets through what matches one of these event patterns; all without any.
   *
   * @throws IllegalArgumentException if a pattern is invalid
   */
  public RecordFilter(List<String> patterns) {
    for (String pattern : patterns) {
      if (JsonRuleCompiler.check(pattern) != null) {
        throw new IllegalArgumentException("not a filter pattern: " + pattern);
      }
    }
    this.patterns = List.copyOf(patterns);
  }

  /** Returns whether a record of the table's own stream matches. */
  public boolean matches(Record read, StreamRecord streamRecord) {
    return patterns.isEmpty() || matches(RecordJson.write(streamRecord, SdkRecords.oldImage(read)));
  }

  /**
   * Returns whether a record of Kinesis with this data matches. The mapping has the same patterns
   * under {@code data}. <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html">Lambda drops
   * data that is not JSON</a>.
   */
  public boolean matchesKinesis(byte[] data) {
    try {
      return patterns.isEmpty() || matches(new String(data, UTF_8));
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Returns whether the record of the item's insertion would come through. */
  public boolean matches(ItemKey key, KeySchema schema, Map<String, Value> item) {
    if (patterns.isEmpty()) {
      return true;
    }
    Map<String, Value> keys = new LinkedHashMap<>();
    keys.put(schema.partitionKey(), key.partition());
    if (key.sort() != null && schema.sortKey() != null) {
      keys.put(schema.sortKey(), key.sort());
    }
    return matches(RecordJson.write(StreamRecord.insertion(keys, item)));
  }

  private boolean matches(String event) {
    return patterns.stream().anyMatch(pattern -> matches(event, pattern));
  }

  private static boolean matches(String event, String pattern) {
    try {
      return Ruler.matchesRule(event, pattern);
    } catch (Exception e) {
      // The library declares Exception; the event is ours, and the pattern was checked.
      throw new IllegalStateException("The event cannot be compared.", e);
    }
  }
}
