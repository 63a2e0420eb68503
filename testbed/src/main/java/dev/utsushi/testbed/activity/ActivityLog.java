package dev.utsushi.testbed.activity;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The activity of a sales team as items, by number: the same seed and number give the same item. It
 * holds no items, so that there can be millions. Safe for use by several threads.
 *
 * <p>Together the items have every type of DynamoDB, and the irregularities of an old table.
 */
public final class ActivityLog {

  /** Where the team works. */
  public static final ZoneId ZONE = ZoneId.of("Asia/Tokyo");

  /** Fixed, because an action's time is part of its key: a later run writes the same items. */
  private static final Instant USUAL_MOMENT = Instant.parse("2026-11-01T00:00:00Z");

  private static final int USUAL_DEALS = 300;
  private static final int HISTORY_DAYS = 60;
  private static final int OPENS_AT_SECOND = LocalTime.of(9, 0).toSecondOfDay();
  private static final int CLOSES_AT_SECOND = LocalTime.of(18, 30).toSecondOfDay();
  private static final int SIGNATURE_BYTES = 24;
  private static final double IMPORTED_SHARE = 0.02;

  /** One deal in five has been forgotten for some weeks. */
  private static final int FORGOTTEN_ONE_IN = 5;

  private static final int FORGOTTEN_DAYS = 15;
  private static final int FORGOTTEN_DAYS_SPREAD = 25;

  private record User(String id, String name) {}

  /**
   * What the team tries to sell to a company.
   *
   * @param quietDays the number of days without any action on it
   */
  private record Deal(
      String id,
      String name,
      String companyId,
      String companyName,
      BigDecimal amount,
      User owner,
      int quietDays) {}

  private final List<User> users = new ArrayList<>();
  private final List<Deal> deals = new ArrayList<>();
  private final long seed;
  private final Instant now;
  private final SampleTexts texts;

  /**
   * @param now actions are in the 60 days before
   * @param deals that the actions are about
   */
  public ActivityLog(long seed, Instant now, int deals, SampleTexts texts) {
    this.seed = seed;
    this.now = now;
    this.texts = texts;
    for (String name : texts.users()) {
      users.add(new User("user-%02d".formatted(users.size() + 1), name));
    }
    var random = new SplittableRandom(seed);
    for (int i = 0; i < deals; i++) {
      this.deals.add(deal(i, random));
    }
  }

  /** Activity in Japanese, the same whenever it is written. */
  public ActivityLog(long seed) {
    this(seed, USUAL_MOMENT, USUAL_DEALS, SampleTexts.in(SampleTexts.Language.JA));
  }

  private Deal deal(int i, RandomGenerator random) {
    int company = i % texts.companies().size();
    boolean forgotten = i % FORGOTTEN_ONE_IN == FORGOTTEN_ONE_IN - 1;
    return new Deal(
        "deal-%04d".formatted(i + 1),
        pick(texts.goods(), random),
        "company-%02d".formatted(company + 1),
        texts.companies().get(company),
        // With two decimals that no double holds exactly in all cases.
        BigDecimal.valueOf(random.nextLong(10_000_000, 9_000_000_000L), 2),
        pick(users, random),
        forgotten ? FORGOTTEN_DAYS + random.nextInt(FORGOTTEN_DAYS_SPREAD) : 0);
  }

  /** Returns the item as it is first written. */
  public Map<String, AttributeValue> item(int number) {
    var random = random(number, 0);
    // Some deals get many more actions than others, and the owner does most of the work on a deal.
    Deal deal = deals.get((int) (random.nextDouble() * random.nextDouble() * deals.size()));
    User user = random.nextInt(3) > 0 ? deal.owner() : pick(users, random);
    Instant at = workingTime(deal.quietDays(), random);
    String kind = kind(random);
    String id = "a%07d".formatted(number);
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    item.put(ActivityTable.PARTITION_KEY, fromS(deal.id()));
    item.put(ActivityTable.SORT_KEY, fromS(at + "#" + id));
    item.put("actionId", fromS(id));
    item.put("kind", fromS(kind));
    item.put("actedAt", fromS(at.toString()));
    item.put("userId", fromS(user.id()));
    item.put("userName", fromS(user.name()));
    item.put("memo", fromS(memo(kind, random)));
    item.put("dealName", fromS(deal.name()));
    item.put("dealAmount", fromN(deal.amount().toPlainString()));
    item.put("companyId", fromS(deal.companyId()));
    item.put("companyName", fromS(deal.companyName()));
    putDetails(item, kind, random);
    return item;
  }

  /**
   * Returns the item after an edit of a user: an attribute is added, changed or removed.
   *
   * @param edit another number gives another edit
   */
  public Map<String, AttributeValue> edited(int number, int edit) {
    var item = item(number);
    var random = random(number, edit + 1L);
    switch (random.nextInt(4)) {
      case 0 -> item.remove("tags");
      case 1 -> item.put("pinned", fromBool(random.nextBoolean()));
      case 2 ->
          item.put(
              "nextAction",
              fromM(
                  Map.of(
                      "what", fromS(pick(texts.nextActions(), random)),
                      "inDays", fromN(Integer.toString(random.nextInt(1, 30))))));
      default -> item.put("memo", fromS(memoOf(item) + pick(texts.afterthoughts(), random)));
    }
    return item;
  }

  /** Returns the key of the item, which no edit changes. */
  public Map<String, AttributeValue> key(int number) {
    var key = item(number);
    key.keySet().retainAll(List.of(ActivityTable.PARTITION_KEY, ActivityTable.SORT_KEY));
    return key;
  }

  /** Makes an item at least this large by a longer memo. */
  public void enlarge(Map<String, AttributeValue> item, int bytes) {
    var memo = new StringBuilder(memoOf(item));
    var random = new SplittableRandom(bytes);
    for (int missing = bytes - bytesOf(item); missing > 0; ) {
      String more = pick(texts.afterthoughts(), random);
      memo.append(more);
      missing -= utf8(more);
    }
    item.put("memo", fromS(memo.toString()));
  }

  /** Counts names and strings, which are nearly all of an item. */
  private static int bytesOf(Map<String, AttributeValue> item) {
    int bytes = 0;
    for (var each : item.entrySet()) {
      String text = each.getValue().s();
      bytes += each.getKey().length() + (text == null ? 0 : utf8(text));
    }
    return bytes;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String memoOf(Map<String, AttributeValue> item) {
    return item.getOrDefault("memo", fromS("")).s();
  }

  private String memo(String kind, RandomGenerator random) {
    String memo = pick(texts.memos().getOrDefault(kind, List.of()), random);
    return memo.replace("%s", pick(texts.contacts(), random));
  }

  private void putDetails(Map<String, AttributeValue> item, String kind, RandomGenerator random) {
    if (random.nextInt(3) == 0) {
      int tags = texts.tags().size();
      item.put(
          "tags",
          fromSs(random.ints(0, tags).distinct().limit(2).mapToObj(texts.tags()::get).toList()));
    }
    switch (kind) {
      case "call" -> item.put("durationMinutes", duration(random));
      case "visit" -> {
        item.put("durationMinutes", duration(random));
        byte[] signature = new byte[SIGNATURE_BYTES];
        random.nextBytes(signature);
        item.put("signature", fromB(SdkBytes.fromByteArray(signature)));
      }
      case "mail" -> item.put("attachments", fromL(List.of(attachment(random), fromNul(true))));
      default -> item.put("pinned", fromBool(false));
    }
  }

  /** A few items come from an older tool that stored words where this one has a number. */
  private AttributeValue duration(RandomGenerator random) {
    int minutes = 5 * random.nextInt(1, 13);
    boolean imported = random.nextDouble() < IMPORTED_SHARE;
    return imported ? fromS(texts.minutes().formatted(minutes)) : fromN(Integer.toString(minutes));
  }

  private AttributeValue attachment(RandomGenerator random) {
    return fromM(
        Map.of(
            "name", fromS(texts.attachment().formatted(random.nextInt(1000))),
            "bytes", fromN(Integer.toString(random.nextInt(20_000, 900_000)))));
  }

  private static String kind(RandomGenerator random) {
    int percent = random.nextInt(100);
    if (percent < 42) {
      return "call";
    }
    if (percent < 70) {
      return "mail";
    }
    return percent < 84 ? "visit" : "memo";
  }

  /** Returns a moment on a working day; recent ones are more likely. */
  private Instant workingTime(int quietDays, RandomGenerator random) {
    double towardsQuiet = random.nextDouble() * random.nextDouble();
    long days = quietDays + (long) (towardsQuiet * (HISTORY_DAYS + 1 - quietDays));
    LocalDate day = now.atZone(ZONE).toLocalDate().minusDays(days);
    LocalDate workingDay =
        switch (day.getDayOfWeek()) {
          case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> day;
          case SATURDAY, SUNDAY -> day.with(DayOfWeek.FRIDAY);
        };
    LocalTime time = LocalTime.ofSecondOfDay(random.nextInt(OPENS_AT_SECOND, CLOSES_AT_SECOND));
    Instant moment = workingDay.atTime(time).atZone(ZONE).toInstant();
    return moment.isBefore(now) ? moment : now.minusSeconds(1 + random.nextInt(600));
  }

  private SplittableRandom random(int number, long edit) {
    var mixed = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number + (edit << 32));
    return new SplittableRandom(mixed.nextLong());
  }

  private static <T> T pick(List<T> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }
}
