package dev.utsushi.core.change;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * The value of an attribute: one record for each of <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html">DynamoDB's
 * data types</a>.
 *
 * <p>Numbers stay the decimal strings that DynamoDB sends, because no primitive holds their 38
 * digits.
 */
public sealed interface Value {

  /** S. */
  record Text(String text) implements Value {}

  /** N: a decimal number of up to 38 significant digits, as DynamoDB wrote it. */
  record Decimal(String digits) implements Value {}

  /** B. */
  record Binary(ByteBuffer bytes) implements Value {}

  /** BOOL. */
  record Bool(boolean value) implements Value {}

  /** NULL. */
  record Null() implements Value {}

  /** L. */
  record Sequence(List<Value> values) implements Value {}

  /** M. */
  record Structure(Map<String, Value> attributes) implements Value {}

  /** SS. */
  record TextSet(List<String> texts) implements Value {}

  /** NS. */
  record DecimalSet(List<String> numbers) implements Value {}

  /** BS. */
  record BinarySet(List<ByteBuffer> binaries) implements Value {}
}
