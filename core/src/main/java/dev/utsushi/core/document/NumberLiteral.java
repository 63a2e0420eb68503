package dev.utsushi.core.document;

import java.math.BigDecimal;

/**
 * A DynamoDB number as a JSON literal.
 *
 * <p>The engines parse the parameters of a script before the script copies them into the document,
 * and they parse a number with a fraction into a {@code double}. Integers of any length pass whole;
 * of the others only those that a {@code double} prints again as they were.
 *
 * @param text the number in JSON's grammar, every digit there
 * @param survivesDouble whether the number comes out of the engine's parser as it went in
 */
record NumberLiteral(String text, boolean survivesDouble) {
  /** Every decimal of so many digits is told apart by a {@code double}. */
  private static final int DOUBLE_DIGITS = 15;

  private static final int LONGEST_PLAIN_INTEGER = 40;

  /**
   * @throws NumberFormatException if the digits are no decimal number
   */
  static NumberLiteral of(String digits) {
    if (isPlainInteger(digits)) {
      return new NumberLiteral(digits, true);
    }
    BigDecimal number = new BigDecimal(digits);
    if (number.scale() <= 0) {
      return new NumberLiteral(number.toPlainString(), true);
    }
    return new NumberLiteral(number.toString(), number.precision() <= DOUBLE_DIGITS);
  }

  private static boolean isPlainInteger(String digits) {
    int start = digits.startsWith("-") ? 1 : 0;
    int length = digits.length() - start;
    if (length == 0 || length > LONGEST_PLAIN_INTEGER) {
      return false;
    }
    if (digits.charAt(start) == '0') {
      return length == 1 && start == 0;
    }
    for (int i = start; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
