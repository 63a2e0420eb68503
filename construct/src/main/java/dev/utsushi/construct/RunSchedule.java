package dev.utsushi.construct;

import java.time.Month;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks the <a
 * href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html">expressions of
 * EventBridge Scheduler</a> that repeat: {@code rate} and {@code cron}.
 */
public final class RunSchedule {
  private static final Pattern RATE =
      Pattern.compile("rate\\((1 (minute|hour|day)|([2-9]|[1-9]\\d{1,4}) (minutes|hours|days))\\)");
  private static final Pattern CRON = Pattern.compile("cron\\((.*)\\)");
  private static final Pattern ITEM =
      Pattern.compile("(?:\\*|(\\w+)(?:-(\\w+))?)(?:/([1-9]\\d{0,3}))?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,2}");
  private static final Pattern TIME =
      Pattern.compile("(?:rate\\()?\\s*(\\d{1,5})\\s*(m(?!o)|h|d|w)[a-z]*\\s*\\)?");
  private static final Map<String, String> UNITS =
      Map.of("m", "minute", "h", "hour", "d", "day", "w", "day");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final int DAY_OF_MONTH = 2;
  private static final int MONTH = 3;
  private static final int DAY_OF_WEEK = 4;
  private static final String ANY = "?";

  /** What else an item of the field may be is in the pattern. */
  private record Field(String name, int least, int most, List<String> words, String others) {
    boolean accepts(String text) {
      return text.matches(others) || Stream.of(text.split(",", -1)).allMatch(this::isItem);
    }

    private boolean isItem(String text) {
      Matcher item = ITEM.matcher(text);
      return item.matches()
          && isValue(item.group(1))
          && isValue(item.group(2))
          && isForward(item.group(1), item.group(2))
          && (item.group(3) == null || Integer.parseInt(item.group(3)) <= most);
    }

    /** A range may go past the end of the day, week, month or year; years have no end. */
    private boolean isForward(@Nullable String from, @Nullable String to) {
      return from == null || to == null || from.length() < 4 || from.compareTo(to) <= 0;
    }

    private int value(String text) {
      int word = words.indexOf(text);
      return word < 0 ? Integer.parseInt(text) : word + least;
    }

    /** Returns all values of an item. */
    private IntStream values(String text) {
      Matcher item = ITEM.matcher(text);
      if (!item.matches()) {
        return IntStream.empty();
      }
      int step = item.group(3) == null ? 1 : Integer.parseInt(item.group(3));
      int from = item.group(1) == null ? least : value(item.group(1));
      boolean isOne = item.group(1) != null && item.group(2) == null && item.group(3) == null;
      int to = isOne ? from : item.group(2) == null ? most : value(item.group(2));
      int count = most - least + 1;
      return IntStream.iterate(from, at -> at <= (to < from ? to + count : to), at -> at + step)
          .map(at -> (at - least) % count + least);
    }

    private boolean isValue(@Nullable String text) {
      return text == null
          || words.contains(text)
          || (text.matches("\\d{1,4}")
              && Integer.parseInt(text) >= least
              && Integer.parseInt(text) <= most);
    }
  }

  private static final List<Field> FIELDS =
      List.of(
          new Field("minutes", 0, 59, List.of(), ""),
          new Field("hours", 0, 23, List.of(), ""),
          new Field("days of the month", 1, 31, List.of(), "\\?|LW?|([1-9]|[12]\\d|3[01])W"),
          new Field(
              "months",
              1,
              12,
              List.of(
                  "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                  "DEC"),
              ""),
          new Field(
              "days of the week",
              1,
              7,
              DAYS,
              "\\?|L|([1-7]|" + String.join("|", DAYS) + ")(L|#[1-5])"),
          new Field("years", 1970, 2199, List.of(), ""));

  private RunSchedule() {}

  /** Returns what is wrong with an expression, to follow its name; empty if it is right. */
  public static Optional<String> problem(String expression) {
    return fault(expression)
        .map(
            fault ->
                "must be a rate or a cron expression, like rate(1 day) or cron(0 3 * * ? *), not '%s'%s%s"
                    .formatted(
                        expression,
                        fault.isEmpty() ? "" : ": " + fault,
                        suggestion(expression.strip())
                            .map("; did you mean %s?"::formatted)
                            .orElse("")));
  }

  /** Returns why an expression is wrong, in words if it is nearly right. */
  private static Optional<String> fault(String expression) {
    Matcher cron = CRON.matcher(expression);
    if (!cron.matches()) {
      return RATE.matcher(expression).matches() ? Optional.empty() : Optional.of("");
    }
    List<String> fields = List.of(cron.group(1).split(" ", -1));
    if (fields.size() != FIELDS.size()) {
      return Optional.of(
          "its fields are " + FIELDS.stream().map(Field::name).collect(Collectors.joining(", ")));
    }
    if (fields.get(DAY_OF_MONTH).equals(ANY) == fields.get(DAY_OF_WEEK).equals(ANY)) {
      return Optional.of("one of its two fields of days must be ?, and the other not");
    }
    return IntStream.range(0, FIELDS.size())
        .filter(i -> !FIELDS.get(i).accepts(fields.get(i)))
        .mapToObj(i -> "its %s can't be '%s'".formatted(FIELDS.get(i).name(), fields.get(i)))
        .findFirst()
        .or(() -> missingDay(fields.get(DAY_OF_MONTH), fields.get(MONTH)));
  }

  /** Returns which day none of the months has; empty if there is a day. */
  private static Optional<String> missingDay(String days, String months) {
    Matcher number = NUMBER.matcher(days);
    if (!number.find()) {
      return Optional.empty();
    }
    int first =
        days.contains("W")
            ? Integer.parseInt(number.group())
            : Stream.of(days.split(",", -1))
                .flatMapToInt(FIELDS.get(DAY_OF_MONTH)::values)
                .min()
                .orElse(1);
    boolean exists =
        Stream.of(months.split(",", -1))
            .flatMapToInt(FIELDS.get(MONTH)::values)
            .anyMatch(month -> Month.of(month).maxLength() >= first);
    return exists ? Optional.empty() : Optional.of("its months have no day " + first);
  }

  private static Optional<String> suggestion(String expression) {
    String text = expression.toLowerCase(Locale.ROOT);
    Matcher time = TIME.matcher(text);
    if (time.matches()) {
      int count = Integer.parseInt(time.group(1)) * (time.group(2).equals("w") ? 7 : 1);
      String unit = UNITS.get(time.group(2)) + (count == 1 ? "" : "s");
      return valid("rate(%d %s)".formatted(count, unit));
    }
    String fields =
        expression.replaceFirst("(?i)^cron\\s*\\(", "").replaceFirst("\\)$", "").strip();
    return valid(cron(List.of(fields.toUpperCase(Locale.ROOT).split("\\s+"))));
  }

  /** Turns what Unix's cron takes, five fields and 0 for Sunday, into the scheduler's. */
  private static String cron(List<String> given) {
    String[] fields = new String[FIELDS.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = i < given.size() ? given.get(i) : "*";
    }
    if (given.size() == FIELDS.size() - 1) {
      fields[DAY_OF_WEEK] =
          Pattern.compile("[0-7]")
              .matcher(fields[DAY_OF_WEEK])
              .replaceAll(day -> DAYS.get(Integer.parseInt(day.group()) % DAYS.size()));
    }
    if (!fields[DAY_OF_WEEK].equals(ANY) && !fields[DAY_OF_MONTH].equals(ANY)) {
      int every = fields[DAY_OF_WEEK].equals("*") ? DAY_OF_WEEK : DAY_OF_MONTH;
      fields[every] = fields[every].equals("*") ? ANY : fields[every];
    }
    return given.size() < FIELDS.size() - 1 ? "" : "cron(%s)".formatted(String.join(" ", fields));
  }

  private static Optional<String> valid(String expression) {
    return Optional.of(expression).filter(it -> fault(it).isEmpty());
  }
}
