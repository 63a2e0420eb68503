package dev.utsushi.testbed.activity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Makes up one write after the other: mostly new actions, some edits, a few deletions and a few
 * that were deleted by mistake and come back. Same seed and same moment, same writes. Not for use
 * by several threads.
 */
public final class ActivityGenerator {
  private static final int HISTORY_DAYS = 60;
  private static final int USERS = 8;
  private static final int DEALS = 30;

  /** So many actions can still be edited; of older ones a random one leaves for each that comes. */
  private static final int MOST_EDITABLE = 20_000;

  private static final double EDITED_SHARE = 0.22;
  private static final double DELETED_SHARE = 0.07;
  private static final double RESTORED_SHARE = 0.01;

  private final RandomGenerator random;
  private final SalesTeam team;
  private final WorkingHours hours;
  private final ActionItems items;
  private final List<Map<String, AttributeValue>> editable = new ArrayList<>();
  private final List<Map<String, AttributeValue>> deleted = new ArrayList<>();
  private long actions;

  /** Writes as of this moment: actions lie in the 60 days before it. */
  public ActivityGenerator(long seed, Instant now) {
    random = new SplittableRandom(seed);
    team = SalesTeam.of(USERS, DEALS, random);
    hours = new WorkingHours(now);
    items = new ActionItems(random);
  }

  /** The next write, as of now; the caller stamps it with {@link ActivityTable#WRITTEN_AT}. */
  public ActivityChange next() {
    double which = random.nextDouble();
    if (which < EDITED_SHARE && !editable.isEmpty()) {
      return edit();
    }
    if (which < EDITED_SHARE + DELETED_SHARE && !editable.isEmpty()) {
      return delete();
    }
    if (which < EDITED_SHARE + DELETED_SHARE + RESTORED_SHARE && !deleted.isEmpty()) {
      return restore();
    }
    return record();
  }

  private ActivityChange record() {
    Deal deal = deal();
    // The owner does most of the work on a deal.
    User user = random.nextInt(3) > 0 ? deal.owner() : team.users().get(random.nextInt(USERS));
    Instant at = hours.daysAgo(deal.quietDays(), HISTORY_DAYS, random);
    var item = items.recorded("a%07d".formatted(++actions), deal, user, Kind.drawn(random), at);
    remember(item);
    return new ActivityChange.Put(item);
  }

  private ActivityChange edit() {
    int which = random.nextInt(editable.size());
    var item = items.edited(editable.get(which));
    editable.set(which, item);
    return new ActivityChange.Put(item);
  }

  private ActivityChange delete() {
    var item = takeOut(editable);
    if (deleted.size() < MOST_EDITABLE) {
      deleted.add(item);
    }
    return new ActivityChange.Delete(ActionItems.keyOf(item));
  }

  private ActivityChange restore() {
    var item = takeOut(deleted);
    remember(item);
    return new ActivityChange.Put(item);
  }

  private void remember(Map<String, AttributeValue> item) {
    if (editable.size() < MOST_EDITABLE) {
      editable.add(item);
    } else {
      editable.set(random.nextInt(MOST_EDITABLE), item);
    }
  }

  private Map<String, AttributeValue> takeOut(List<Map<String, AttributeValue>> from) {
    int which = random.nextInt(from.size());
    var last = from.removeLast();
    return which == from.size() ? last : from.set(which, last);
  }

  /** Some deals are worked on much more than others. */
  private Deal deal() {
    double skewed = random.nextDouble() * random.nextDouble();
    return team.deals().get((int) (skewed * DEALS));
  }
}
