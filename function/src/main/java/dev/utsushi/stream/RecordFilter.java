package dev.utsushi.stream;

import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.event.ruler.Machine;

/**
 * The <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html">filters</a> of
 * the event source mapping, for records that are read back from the stream: a range also holds
 * records that the mapping filtered out.
 */
public final class RecordFilter {
  /** Lets every record through. */
  public static final RecordFilter NONE = new RecordFilter(List.of());

  private final Machine patterns = Machine.builder().build();

  /**
   * Creates a filter that lets through what matches one of these event patterns; all without any.
   *
   * @throws IllegalArgumentException if a pattern is invalid
   */
  public RecordFilter(List<String> patterns) {
    for (String pattern : patterns) {
      try {
        this.patterns.addRule(pattern, pattern);
      } catch (IOException e) {
        throw new IllegalArgumentException("not a filter pattern: " + pattern, e);
      }
    }
  }

  boolean matches(Record read, StreamRecord streamRecord) {
    if (patterns.isEmpty()) {
      return true;
    }
    try {
      String event = RecordJson.write(streamRecord, SdkRecords.oldImage(read));
      return !patterns.rulesForJSONEvent(event).isEmpty();
    } catch (Exception e) {
      // The library declares Exception; the JSON is ours.
      throw new IllegalStateException("Cannot filter " + streamRecord.sequenceNumber(), e);
    }
  }
}
