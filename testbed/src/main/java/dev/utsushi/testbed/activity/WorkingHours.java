package dev.utsushi.testbed.activity;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.random.RandomGenerator;

/** Moments of the past at which people in Tokyo work. */
record WorkingHours(Instant now) {
  static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
  private static final int OPENS_AT_SECOND = LocalTime.of(9, 0).toSecondOfDay();
  private static final int CLOSES_AT_SECOND = LocalTime.of(18, 30).toSecondOfDay();

  /** A moment between these numbers of days ago; the later, the likelier. */
  Instant daysAgo(int least, int most, RandomGenerator random) {
    double towardsLeast = random.nextDouble() * random.nextDouble();
    long days = least + (long) (towardsLeast * (most + 1 - least));
    LocalDate day = now.atZone(TOKYO).toLocalDate().minusDays(days);
    Instant moment = workingDay(day).atTime(time(random)).atZone(TOKYO).toInstant();
    return moment.isBefore(now) ? moment : now.minusSeconds(1 + random.nextInt(600));
  }

  /** The day itself, or the Friday before. */
  private static LocalDate workingDay(LocalDate day) {
    return switch (day.getDayOfWeek()) {
      case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> day;
      case SATURDAY, SUNDAY -> day.with(DayOfWeek.FRIDAY);
    };
  }

  private static LocalTime time(RandomGenerator random) {
    return LocalTime.ofSecondOfDay(random.nextInt(OPENS_AT_SECOND, CLOSES_AT_SECOND));
  }
}
