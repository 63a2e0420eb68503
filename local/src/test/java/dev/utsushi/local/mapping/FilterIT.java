package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static dev.utsushi.local.mapping.MappedPipeline.ONE_BY_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FilterIT {

  private static final EventSourceMappingSettings FILTERED =
      ONE_BY_ONE.withFilters(
          FilterCriteria.of(
              """
              {"eventName": ["REMOVE"]}
              """,
              """
              {"dynamodb": {"Keys": {"id": {"S": [{"prefix": "deal-"}]}},
                            "NewImage": {"n": {"N": ["1", "2"]}}}}
              """));

  @RegisterExtension static final MappedPipeline PIPELINE = new MappedPipeline();

  @Test
  void onlyRecordsThatMatchAPatternReachTheFunction() throws Exception {
    MappedTable table = PIPELINE.table();
    try (var mapping = PIPELINE.start(FILTERED)) {
      table.put("deal-1", 1);
      table.put("deal-1", 3);
      table.put("user-1", 1);
      table.put("deal-2", 2);
      table.remove("user-1");
      Await.settled(mapping, 5);
      assertThat(mapping.counters().filteredRecords()).isEqualTo(2);
      assertThat(mapping.counters().invocations()).isEqualTo(3);
    }
    assertThat(table.seen()).extracting(MappedTable.Seen::n).containsExactly(1, 2, 0);
  }

  @Test
  void filteredRecordsAreSettledWithoutAnInvocationAndNotRepeated() throws Exception {
    MappedTable table = PIPELINE.table();
    try (var mapping = PIPELINE.start(FILTERED)) {
      table.put("user-1", 1);
      table.put("user-1", 2);
      Await.settled(mapping, 2);
      assertThat(mapping.counters().invocations()).isZero();
      assertThat(table.seen()).isEmpty();
    }
    table.put("deal-1", 1);
    try (var mapping = PIPELINE.start(FILTERED)) {
      Await.settled(mapping, 1);
      assertThat(mapping.counters().filteredRecords()).isZero();
    }
  }

  @Test
  void theCheckpointDoesNotOvertakeAStuckRecordOverFilteredOnes() throws Exception {
    MappedTable table = PIPELINE.table();
    var endless = FILTERED.withMaximumRetryAttempts(10_000);
    try (var mapping = PIPELINE.start(endless)) {
      table.putPoison("deal-1", 1, "throw");
      await().until(() -> mapping.counters().failedInvocations() > 0);
      table.put("user-1", 1);
      await().until(() -> mapping.counters().filteredRecords() == 1);
    }
    table.heal();
    try (var mapping = PIPELINE.start(endless)) {
      await().until(() -> mapping.counters().settledRecords() >= 1);
      await().until(() -> mapping.counters().invocations() == 1);
    }
    assertThat(table.seenOf("deal-1")).hasSizeGreaterThan(1);
  }
}
