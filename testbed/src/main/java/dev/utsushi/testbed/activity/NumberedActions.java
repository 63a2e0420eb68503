package dev.utsushi.testbed.activity;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Actions by number, for who decides which item a write goes to: the same number is always the same
 * action, with the same key. Same seed, same actions. Holds none of them, so there can be millions.
 * Safe for use by several threads.
 */
public final class NumberedActions {

  /** Fixed, since the time of an action is in its key: a later run writes the same items. */
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  private static final int HISTORY_DAYS = 60;
  private static final int USERS = 8;
  private static final int DEALS = 300;
  private static final String ACTION_ID = "a%07d";

  private final long seed;
  private final SalesTeam team;
  private final WorkingHours hours = new WorkingHours(NOW);

  public NumberedActions(long seed) {
    this.seed = seed;
    team = SalesTeam.of(USERS, DEALS, new SplittableRandom(seed));
  }

  /** The action as it was first recorded. */
  public Map<String, AttributeValue> recorded(int number) {
    var random = new SplittableRandom(mixed(number, 0));
    Deal deal = team.deals().get(number % DEALS);
    User user = random.nextInt(3) > 0 ? deal.owner() : team.users().get(random.nextInt(USERS));
    Instant at = hours.daysAgo(deal.quietDays(), HISTORY_DAYS, random);
    return new ActionItems(random)
        .recorded(ACTION_ID.formatted(number), deal, user, Kind.drawn(random), at);
  }

  /**
   * The same action, as one of its edits left it.
   *
   * @param edit another number, another edit
   */
  public Map<String, AttributeValue> edited(int number, int edit) {
    return new ActionItems(new SplittableRandom(mixed(number, edit + 1L))).edited(recorded(number));
  }

  public Map<String, AttributeValue> key(int number) {
    return ActionItems.keyOf(recorded(number));
  }

  /** The action's number, from its sort key. */
  public static int numberOf(String sortKey) {
    return Integer.parseInt(sortKey.substring(sortKey.lastIndexOf('#') + 2));
  }

  /** Makes an item at least so large, by a longer memo. */
  public static void enlarge(Map<String, AttributeValue> item, int bytes) {
    int missing = bytes - bytesOf(item);
    if (missing <= 0) {
      return;
    }
    var memo = new StringBuilder(item.getOrDefault("memo", fromS("")).s());
    var random = new SplittableRandom(bytes);
    while (missing > 0) {
      String more = Memos.afterthought(random);
      memo.append(more);
      missing -= more.getBytes(StandardCharsets.UTF_8).length;
    }
    item.put("memo", fromS(memo.toString()));
  }

  /** Names and strings, which are nearly all of an action. */
  private static int bytesOf(Map<String, AttributeValue> item) {
    return item.entrySet().stream()
        .mapToInt(
            each ->
                each.getKey().length()
                    + (each.getValue().s() == null
                        ? 0
                        : each.getValue().s().getBytes(StandardCharsets.UTF_8).length))
        .sum();
  }

  private long mixed(int number, long edit) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number + (edit << 32)).nextLong();
  }
}
