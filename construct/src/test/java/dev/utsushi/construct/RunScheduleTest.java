package dev.utsushi.construct;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunScheduleTest {
  @Test
  void whatTheSchedulerTakesIsRight() {
    assertThat(
            List.of(
                "rate(1 minute)",
                "rate(12 hours)",
                "rate(7 days)",
                "cron(0 3 * * ? *)",
                "cron(0/15 * ? * MON-FRI *)",
                "cron(5,35 14 L * ? 2026-2030)",
                "cron(0 10 ? JAN,JUL 6L *)",
                "cron(0 10 ? 1/3 MON#2 *)",
                "cron(0 10 ? 1/3 2#2 *)",
                "cron(0 0 15W * ? *)",
                "cron(0 22-2 ? * FRI-MON *)",
                "cron(0/59 0/23 1/31 1/12 ? *)",
                "cron(0 0 31 NOV-JAN ? *)",
                "cron(0 0 31 2/5 ? *)",
                "cron(0 0 29 2 ? *)",
                "cron(0 0 28-31 FEB ? *)",
                "cron(0 0 L 2 ? *)",
                "cron(0 0 ? 2 MON *)"))
        .allSatisfy(it -> assertThat(RunSchedule.problem(it)).isEmpty());
  }

  @Test
  void whatIsNearlyRightIsSuggested() {
    """
    rate(1 days) | rate(1 day)
    rate(2 day) | rate(2 days)
    rate(1 week) | rate(7 days)
    1 day | rate(1 day)
    24h | rate(24 hours)
    cron(0 3 * * *) | cron(0 3 * * ? *)
    */5 * * * * | cron(*/5 * * * ? *)
    30 2 1 * * | cron(30 2 1 * ? *)
    0 3 * * 0,6 | cron(0 3 ? * SUN,SAT *)
    0 3 * * mon-fri | cron(0 3 ? * MON-FRI *)
    cron(0 3 * * * *) | cron(0 3 * * ? *)
    CRON(0 3 * * ? *) | cron(0 3 * * ? *)
    """
        .lines()
        .map(line -> line.split(" \\| "))
        .forEach(
            row -> {
              String problem = RunSchedule.problem(row[0]).orElseThrow();
              assertThat(problem).endsWith("; did you mean " + row[1] + "?");
              assertThat(RunSchedule.problem(row[1])).isEmpty();
            });
  }

  @Test
  void whatElseIsWrongIsToldWithoutASuggestion() {
    """
    daily | not 'daily'
    rate(1 month) | not 'rate(1 month)'
    rate(0 days) | not 'rate(0 days)'
    at(2026-11-01T03:00:00) | not 'at(2026-11-01T03:00:00)'
    cron(60 3 * * ? *) | its minutes can't be '60'
    cron(0 24 * * ? *) | its hours can't be '24'
    cron(0 3 32 * ? *) | its days of the month can't be '32'
    cron(0 3 ? 13 1 *) | its months can't be '13'
    cron(0 3 ? * 0 *) | its days of the week can't be '0'
    cron(0 3 * * ? 1969) | its years can't be '1969'
    cron(0 3 * * ? 2030-2026) | its years can't be '2030-2026'
    cron(0/60 3 * * ? *) | its minutes can't be '0/60'
    cron(0 */24 * * ? *) | its hours can't be '*/24'
    cron(0 3 1/32 * ? *) | its days of the month can't be '1/32'
    cron(0 3 30 2 ? *) | its months have no day 30
    cron(0 3 30W FEB ? *) | its months have no day 30
    cron(0 3 31 APR,JUN,9-9,11 ? *) | its months have no day 31
    cron(0 3 31 2/12 ? *) | its months have no day 31
    cron(0 3 1, * ? *) | its days of the month can't be '1,'
    cron(0 3 1 * MON *) | one of its two fields of days must be ?, and the other not
    cron(0 3 ? * ? *) | one of its two fields of days must be ?, and the other not
    """
        .lines()
        .map(line -> line.split(" \\| "))
        .forEach(
            row -> {
              String problem = RunSchedule.problem(row[0]).orElseThrow();
              assertThat(problem).startsWith("must be a rate or a cron expression, like");
              assertThat(problem).endsWith(row[1]);
            });
  }

  @Test
  void aCronExpressionHasSixFields() {
    assertThat(RunSchedule.problem("cron(0 3)").orElseThrow())
        .endsWith(
            ": its fields are minutes, hours, days of the month, months, days of the week, years");
  }
}
