package dev.utsushi.testbed.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.testbed.activity.SampleTexts.Language;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ActivityLogTest {
  private static final Instant NOW = Instant.parse("2026-11-21T01:02:03Z");
  private static final int MANY = 3000;

  private final ActivityLog activity = new ActivityLog(7);

  @Test
  void theSameSeedAndNumberGiveTheSameItem() {
    var again = new ActivityLog(7);
    assertThat(again.item(123)).isEqualTo(activity.item(123));
    assertThat(again.edited(123, 4)).isEqualTo(activity.edited(123, 4));
  }

  @Test
  void anotherSeedGivesOtherItems() {
    assertThat(new ActivityLog(8).item(123)).isNotEqualTo(activity.item(123));
  }

  @Test
  void anEditChangesTheItemAndNotItsKey() {
    Set<Map<String, AttributeValue>> edits = new HashSet<>();
    for (int edit = 0; edit < 50; edit++) {
      var edited = activity.edited(9, edit);
      assertThat(edited).containsAllEntriesOf(activity.key(9));
      edits.add(edited);
    }
    assertThat(edits).hasSizeGreaterThan(10);
  }

  @Test
  void everyNumberHasItsOwnKey() {
    Set<Map<String, AttributeValue>> keys = new HashSet<>();
    for (int number = 0; number < 2000; number++) {
      keys.add(activity.key(number));
    }
    assertThat(keys).hasSize(2000);
  }

  @Test
  void anItemIsAsLargeAsRequested() {
    var item = activity.item(1);
    activity.enlarge(item, 5000);
    int memo =
        item.getOrDefault("memo", AttributeValue.fromS(""))
            .s()
            .getBytes(StandardCharsets.UTF_8)
            .length;
    assertThat(memo).isBetween(4000, 5100);
    var untouched = activity.item(1);
    activity.enlarge(untouched, 0);
    assertThat(untouched).isEqualTo(activity.item(1));
  }

  @ParameterizedTest
  @EnumSource
  void manyTypesOfAttributesOccurAndOneAttributeChangesItsType(Language language) {
    var recent = new ActivityLog(7, NOW, 30, SampleTexts.in(language));
    Set<AttributeValue.Type> types = EnumSet.noneOf(AttributeValue.Type.class);
    Set<AttributeValue.Type> durations = EnumSet.noneOf(AttributeValue.Type.class);
    for (int number = 0; number < MANY; number++) {
      var item = recent.edited(number, 0);
      item.values().forEach(value -> types.add(value.type()));
      AttributeValue duration = item.get("durationMinutes");
      if (duration != null) {
        durations.add(duration.type());
      }
    }
    assertThat(types)
        .contains(
            AttributeValue.Type.S,
            AttributeValue.Type.N,
            AttributeValue.Type.B,
            AttributeValue.Type.SS,
            AttributeValue.Type.L,
            AttributeValue.Type.M,
            AttributeValue.Type.BOOL);
    assertThat(durations).containsExactlyInAnyOrder(AttributeValue.Type.S, AttributeValue.Type.N);
  }

  @Test
  void actionsAreInTheSixtyDaysBefore() {
    var recent = new ActivityLog(7, NOW, 30, SampleTexts.in(Language.JA));
    for (int number = 0; number < MANY; number++) {
      String at = recent.item(number).getOrDefault("actedAt", AttributeValue.fromS("")).s();
      assertThat(Instant.parse(at)).isBetween(NOW.minus(Duration.ofDays(64)), NOW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void memosHaveTheWordsThatTheDemoSearchesFor(Language language) {
    var texts = SampleTexts.in(language);
    assertThat(texts.memos().keySet()).containsExactlyInAnyOrder("call", "mail", "visit", "memo");
    assertThat(texts.memos().get("call")).anyMatch(memo -> memo.contains(texts.words()));
    assertThat(texts.memos().values())
        .anyMatch(
            memos ->
                memos.stream()
                    .anyMatch(memo -> memo.toLowerCase(Locale.ROOT).contains(texts.phrase())));
  }
}
