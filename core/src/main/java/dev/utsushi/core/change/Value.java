package dev.utsushi.core.change;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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
  record Decimal(String digits) implements Value {
    /**
     * A number as DynamoDB may write it.
     *
     * @throws IllegalArgumentException if it is none; written out it could fill the memory
     */
    public Decimal {
      requireNumber(digits);
    }

    private static void requireNumber(String digits) {
      if (digits.length() > LONGEST || !NUMBER.matcher(digits).matches()) {
        throw new IllegalArgumentException("Not a number of DynamoDB's.");
      }
    }

    /** 38 digits behind 130 zeros, with room. */
    private static final int LONGEST = 256;

    private static final Pattern NUMBER =
        Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
  }

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
  record DecimalSet(List<String> numbers) implements Value {
    /**
     * Numbers as DynamoDB may write them.
     *
     * @throws IllegalArgumentException if one is none
     */
    public DecimalSet {
      numbers.forEach(Decimal::requireNumber);
    }
  }

  /** BS. */
  record BinarySet(List<ByteBuffer> binaries) implements Value {}
}
