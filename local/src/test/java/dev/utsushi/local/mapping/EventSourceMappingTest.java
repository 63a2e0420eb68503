package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.local.stream.ScriptedStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventSourceMappingTest {

  private final EventSourceMapping.Builder builder =
      EventSourceMapping.of(
          ScriptedStream.ARN,
          new ScriptedStream(),
          new ScriptedFunction(),
          EventSourceMappingSettings.defaults());

  @Test
  void tumblingWindowsAreRefusedByName() {
    assertThatThrownBy(() -> builder.tumblingWindow(Duration.ofSeconds(30)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tumblingWindow is refused: the embedded mapping has no tumbling windows");
  }

  @Test
  void noTumblingWindowIsTheDefault() {
    assertThat(builder.tumblingWindow(Duration.ZERO)).isSameAs(builder);
  }
}
