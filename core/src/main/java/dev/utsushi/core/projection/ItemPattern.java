package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Says which items a target takes, in the language of <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html">Lambda's event
 * filters</a>, on the item in DynamoDB's typed JSON.
 *
 * @param test the pattern as a function
 * @param paths the attributes that it looks at, nested ones by names with dots between them
 */
record ItemPattern(Predicate<Map<String, Value>> test, List<String> paths) {
  /** Takes every item. */
  static final ItemPattern ALL = new ItemPattern(_ -> true, List.of());

  boolean matches(Map<String, Value> item) {
    return test.test(item);
  }
}
