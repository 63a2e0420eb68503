package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EventSourceMappingSettingsTest {

  @Test
  void everyProblemIsNamedAtOnce() {
    assertThatThrownBy(
            () ->
                new EventSourceMappingSettings(
                    0,
                    Duration.ofMillis(301_500),
                    11,
                    StartingPosition.LATEST,
                    Optional.of(Instant.EPOCH),
                    OptionalInt.of(-1),
                    Optional.of(Duration.ofSeconds(59)),
                    false,
                    false,
                    FilterCriteria.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "batchSize takes 1 to 10000, not 0",
            "batchingWindow in seconds takes 0 to 300, not 301",
            "batchingWindow takes whole seconds, not PT5M1.5S",
            "parallelizationFactor takes 1 to 10, not 11",
            "startingPositionTimestamp goes with AT_TIMESTAMP, not with LATEST",
            "maximumRetryAttempts takes 0 to 10000, not -1",
            "maximumRecordAge in seconds takes 60 to 604800, not 59");
  }

  @Test
  void theLimitsThemselvesAreAllowed() {
    var settings =
        EventSourceMappingSettings.defaults()
            .withBatchSize(10_000)
            .withBatchingWindow(Duration.ofMinutes(5))
            .withParallelizationFactor(10)
            .withMaximumRetryAttempts(10_000)
            .withMaximumRecordAge(Duration.ofDays(7));
    assertThat(settings.batchSize()).isEqualTo(10_000);
  }
}
