package dev.utsushi.testbed.activity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ActivityGeneratorTest {
  private static final Instant NOW = Instant.parse("2026-11-21T01:02:03Z");
  private static final int MANY = 3000;

  @Test
  void theSameSeedMakesUpTheSameWrites() {
    assertThat(writes(7)).isEqualTo(writes(7));
  }

  @Test
  void anotherSeedMakesUpOtherWrites() {
    assertThat(writes(7)).isNotEqualTo(writes(8));
  }

  @Test
  void onlyStandingItemsAreDeleted() {
    Set<Map<String, AttributeValue>> standing = new HashSet<>();
    for (ActivityChange change : writes(7)) {
      switch (change) {
        case ActivityChange.Put(var item) -> standing.add(ActionItems.keyOf(item));
        case ActivityChange.Delete(var key) -> assertThat(standing.remove(key)).isTrue();
      }
    }
    assertThat(standing).hasSizeGreaterThan(MANY / 2);
  }

  @Test
  void manyTypesOfAttributesOccurAndOneAttributeChangesItsType() {
    Set<AttributeValue.Type> types = EnumSet.noneOf(AttributeValue.Type.class);
    Set<AttributeValue.Type> durations = EnumSet.noneOf(AttributeValue.Type.class);
    for (ActivityChange change : writes(7)) {
      if (change instanceof ActivityChange.Put(var item)) {
        item.values().forEach(value -> types.add(value.type()));
        AttributeValue duration = item.get("durationMinutes");
        if (duration != null) {
          durations.add(duration.type());
        }
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
  void actionsLieInTheSixtyDaysBefore() {
    for (ActivityChange change : writes(7)) {
      if (change instanceof ActivityChange.Put(var item)) {
        Instant actedAt = Instant.parse(item.getOrDefault("actedAt", AttributeValue.fromS("")).s());
        assertThat(actedAt).isBetween(NOW.minus(Duration.ofDays(64)), NOW);
      }
    }
  }

  private static List<ActivityChange> writes(long seed) {
    var generator = new ActivityGenerator(seed, NOW);
    List<ActivityChange> writes = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      writes.add(generator.next());
    }
    return writes;
  }
}
