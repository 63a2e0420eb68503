package dev.utsushi.local.mapping;

import java.io.IOException;
import software.amazon.event.ruler.Machine;

/** Filter criteria, ready to be matched by AWS's own library. Safe for use by many threads. */
final class RecordFilter {

  private final Machine machine = Machine.builder().build();

  private RecordFilter() {}

  static RecordFilter of(FilterCriteria criteria) {
    var filter = new RecordFilter();
    for (String pattern : criteria.patterns()) {
      try {
        filter.machine.addRule(pattern, pattern);
      } catch (IOException e) {
        throw new IllegalArgumentException("Not checked: " + pattern, e);
      }
    }
    return filter;
  }

  boolean passes(StreamRecord record) {
    if (machine.isEmpty()) {
      return true;
    }
    try {
      return !machine.rulesForJSONEvent(record.json()).isEmpty();
    } catch (Exception e) {
      // The library declares all of them; the JSON is ours and well-formed.
      throw new IllegalStateException("No match of " + record.sequenceNumber(), e);
    }
  }
}
