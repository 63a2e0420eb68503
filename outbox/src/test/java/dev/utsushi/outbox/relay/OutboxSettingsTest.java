package dev.utsushi.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.outbox.protocol.EventState.OnParked;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboxSettingsTest {
  @Test
  void theUsualSettings() {
    var settings =
        OutboxSettings.read(
            Map.of("UTSUSHI_OUTBOX_TABLE", "t", "UTSUSHI_OUTBOX_TARGET", "s", "PATH", "/"));
    assertThat(settings.history()).isEqualTo(Duration.ofDays(7));
    assertThat(settings.patience()).isEqualTo(Patience.FALLBACK);
    assertThat(settings.rules().onParked()).isEqualTo(OnParked.KEY_WAITS);
    assertThat(settings.rules().mostRefusals()).isEqualTo(5);
  }

  @Test
  void everythingThatIsWrongIsReportedAtOnce() {
    assertThatThrownBy(
            () ->
                OutboxSettings.read(
                    Map.of(
                        "UTSUSHI_OUTBOX_TARGET", "s",
                        "UTSUSHI_OUTBOX_GRACE", "1",
                        "UTSUSHI_OUTBOX_INTERVAL_SECONDS", "0",
                        "UTSUSHI_OUTBOX_ON_PARKED", "key-stops")))
        .hasMessage(
            "UTSUSHI_OUTBOX_GRACE is not a setting; did you mean UTSUSHI_OUTBOX_TABLE;"
                + " UTSUSHI_OUTBOX_TABLE is missing; UTSUSHI_OUTBOX_INTERVAL_SECONDS takes a number"
                + " from 1 to 60, not 0; UTSUSHI_OUTBOX_ON_PARKED takes key-waits or key-goes-on,"
                + " not key-stops");
  }
}
