package dev.utsushi.infra.stack;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Objects;
import software.amazon.awscdk.services.logs.RetentionDays;

/** CloudWatch's steps of retention, by their days. */
final class Retention {
  private static final Map<Integer, RetentionDays> STEPS =
      Map.ofEntries(
          entry(1, RetentionDays.ONE_DAY),
          entry(3, RetentionDays.THREE_DAYS),
          entry(5, RetentionDays.FIVE_DAYS),
          entry(7, RetentionDays.ONE_WEEK),
          entry(14, RetentionDays.TWO_WEEKS),
          entry(30, RetentionDays.ONE_MONTH),
          entry(60, RetentionDays.TWO_MONTHS),
          entry(90, RetentionDays.THREE_MONTHS),
          entry(180, RetentionDays.SIX_MONTHS),
          entry(365, RetentionDays.ONE_YEAR),
          entry(731, RetentionDays.TWO_YEARS),
          entry(1_827, RetentionDays.FIVE_YEARS),
          entry(3_653, RetentionDays.TEN_YEARS));

  private Retention() {}

  static RetentionDays ofDays(int days) {
    return Objects.requireNonNull(STEPS.get(days), () -> "no step of " + days + " days");
  }
}
