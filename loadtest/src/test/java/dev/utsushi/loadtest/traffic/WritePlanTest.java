package dev.utsushi.loadtest.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritePlanTest {
  private static final int PER_SECOND = 200;
  private static final Duration LONG = Duration.ofSeconds(100);

  @Test
  void theSameSeedGivesTheSameWritesAtTheSameTimes() {
    assertThat(writes(plan("uniform:1000", 7))).isEqualTo(writes(plan("uniform:1000", 7)));
    assertThat(writes(plan("uniform:1000", 7))).isNotEqualTo(writes(plan("uniform:1000", 8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform:1000000", "uniform:50", "hot:1000,0.3"})
  void updatesAndDeletionsHitExistingItemsAndADeletionKnowsTheWriteItRemoves(String keys) {
    WritePlan plan = plan(keys, 7);
    Map<Integer, Integer> standing = new HashMap<>();
    for (PlannedWrite write : writes(plan)) {
      Integer before = standing.get(write.item());
      switch (write.operation()) {
        case INSERT -> standing.put(write.item(), write.number());
        case UPDATE -> {
          assertThat(before).isNotNull();
          standing.put(write.item(), write.number());
        }
        case DELETE -> {
          assertThat(before).isNotNull();
          assertThat(plan.deletedBy(before == null ? 0 : before)).isEqualTo(write.number());
          standing.remove(write.item());
        }
      }
    }
    standing.values().forEach(last -> assertThat(plan.deletedBy(last)).isNegative());
  }

  @Test
  void operationsOccurInTheProportionsOfTheMix() {
    WritePlan plan = plan("uniform:1000000", 7);
    double all = plan.size();
    assertThat(count(plan, Operation.UPDATE) / all).isCloseTo(0.22, within(0.03));
    assertThat(count(plan, Operation.DELETE) / all).isCloseTo(0.08, within(0.02));
  }

  @Test
  void updatesAndDeletionsKeepTheShareOfEachItem() {
    long hot = writes(plan("hot:1000000,0.1", 7)).stream().filter(w -> w.item() == 0).count();
    assertThat(hot / (double) (PER_SECOND * LONG.toSeconds())).isCloseTo(0.1, within(0.02));
  }

  @Test
  void tooManyWritesAreRefused() {
    var traffic = traffic(ArrivalProfile.steady(2000, Duration.ofHours(1)), "uniform:10", 1);
    assertThatIllegalArgumentException()
        .isThrownBy(traffic::plan)
        .withMessageContaining("7,200,000 writes");
  }

  @Test
  void mixesAndSizesAreParsedAndOtherTextIsRefused() {
    assertThat(WriteMix.parse("1,0,0")).isEqualTo(new WriteMix(1, 0, 0));
    assertThat(ItemSize.parse("500..8000")).isEqualTo(new ItemSize(500, 8000));
    assertThatIllegalArgumentException().isThrownBy(() -> WriteMix.parse("0,1,1"));
    assertThatIllegalArgumentException().isThrownBy(() -> WriteMix.parse("70,30"));
    assertThatIllegalArgumentException().isThrownBy(() -> ItemSize.parse("400000"));
    assertThatIllegalArgumentException().isThrownBy(() -> ItemSize.parse("9..3"));
  }

  private static double count(WritePlan plan, Operation operation) {
    return writes(plan).stream().filter(write -> write.operation() == operation).count();
  }

  private static WritePlan plan(String keys, long seed) {
    return traffic(ArrivalProfile.steady(PER_SECOND, LONG), keys, seed).plan();
  }

  private static Traffic traffic(ArrivalProfile profile, String keys, long seed) {
    return new Traffic(
        profile,
        ArrivalPattern.POISSON,
        KeyDistribution.parse(keys),
        WriteMix.ACTIVITY_LOG,
        new ItemSize(0, 5000),
        seed);
  }

  private static List<PlannedWrite> writes(WritePlan plan) {
    List<PlannedWrite> writes = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      writes.add(plan.write(i));
    }
    return writes;
  }
}
