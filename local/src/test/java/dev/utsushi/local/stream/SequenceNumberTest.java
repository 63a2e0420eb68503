package dev.utsushi.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceNumberTest {

  @Test
  void numbersOfAnyLengthAreOrderedAsNumbers() {
    assertThat(number("820400000000000001192334"))
        .isLessThan(number("1683700000000000001135967"))
        .isGreaterThan(number("820400000000000001192333"));
    assertThat(number("000000000000000000010"))
        .isEqualByComparingTo(number("10"))
        .isGreaterThan(number("000000000000000000009"));
  }

  @Test
  void theBeginningIsBeforeEveryRecord() {
    assertThat(SequenceNumber.BEGINNING.isBeginning()).isTrue();
    assertThat(number("000000000000000000001").isBeginning()).isFalse();
    assertThat(SequenceNumber.BEGINNING).isLessThan(number("000000000000000000001"));
  }

  private static SequenceNumber number(String digits) {
    return new SequenceNumber(digits);
  }
}
