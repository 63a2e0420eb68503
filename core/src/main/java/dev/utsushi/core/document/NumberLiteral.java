package dev.utsushi.core.document;

import java.math.BigDecimal;

/**
 * A DynamoDB number as a JSON literal.
 *
 * <p>The engines parse the parameters of a script before the script copies them into the document,
 * and they parse a number with a fraction into a {@code double}. Integers of any length survive; of
 * the others, only those that a {@code double} prints unchanged.
 *
 * @param text the number in JSON's grammar, with every digit
 * @param survivesDouble whether the engine's parser keeps the number as it is
 */
record NumberLiteral(String text, boolean survivesDouble) {
  /** A {@code double} keeps every decimal of this many digits. */
  private static final int DOUBLE_DIGITS = 15;

  /** 0.01; older JDKs print 0.002 as 0.0020. */
  private static final int FEWEST_INTEGER_DIGITS = -1;

  private static final int MOST_INTEGER_DIGITS = 7;

  private static final int LONGEST_PLAIN_INTEGER = 40;

  /**
   * Converts a number.
   *
   * @throws NumberFormatException if the digits are not a decimal number
   */
  static NumberLiteral of(String digits) {
    if (isPlainInteger(digits)) {
      return new NumberLiteral(digits, true);
    }
    BigDecimal number = new BigDecimal(digits);
    if (number.scale() <= 0) {
      return new NumberLiteral(number.toPlainString(), true);
    }
    String text = number.toString();
    return new NumberLiteral(text, doublePrints(number, text));
  }

  /**
   * Outside these bounds a {@code double} prints an exponent, which a keyword would hold; and it
   * prints no zero at the end.
   */
  private static boolean doublePrints(BigDecimal number, String text) {
    int integerDigits = number.precision() - number.scale();
    return number.precision() <= DOUBLE_DIGITS
        && text.charAt(text.length() - 1) != '0'
        && integerDigits >= FEWEST_INTEGER_DIGITS
        && integerDigits <= MOST_INTEGER_DIGITS;
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
