package dev.utsushi.local.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueMappingSettingsTest {
  private static final QueueMappingSettings DEFAULTS = QueueMappingSettings.defaults();

  @Test
  void acceptsWhatLambdaAccepts() {
    var most =
        DEFAULTS
            .withBatchingWindow(Duration.ofMinutes(5))
            .withBatchSize(10_000)
            .withMaximumConcurrency(1_000);
    assertThat(most.batchSize()).isEqualTo(10_000);
    assertThat(DEFAULTS.withMaximumConcurrency(2).batchesAtOnce()).isEqualTo(2);
    assertThat(DEFAULTS.batchesAtOnce()).isEqualTo(5);
  }

  @Test
  void refusesWhatLambdaRefuses() {
    refused(() -> DEFAULTS.withBatchSize(0), "batchSize takes 1 to 10000, not 0");
    refused(() -> DEFAULTS.withBatchSize(11), "only with a batchingWindow of at least 1 s");
    refused(
        () -> DEFAULTS.withBatchingWindow(Duration.ofSeconds(301)),
        "batchingWindow in seconds takes 0 to 300, not 301");
    refused(() -> DEFAULTS.withBatchingWindow(Duration.ofMillis(1500)), "takes whole seconds");
    refused(() -> DEFAULTS.withMaximumConcurrency(1), "maximumConcurrency takes 2 to 1000, not 1");
  }

  private static void refused(Runnable settings, String why) {
    assertThatIllegalArgumentException().isThrownBy(settings::run).withMessageContaining(why);
  }
}
