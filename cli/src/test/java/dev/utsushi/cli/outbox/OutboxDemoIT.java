package dev.utsushi.cli.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The demo of the outbox, on real servers, with the relay in a JVM that is killed. */
class OutboxDemoIT {
  @Test
  void everyCommittedEventIsPublishedThoughTheRelayIsKilled() throws InterruptedException {
    var output = new StringWriter();
    var options = new OutboxDemo.Options(10, Duration.ofSeconds(12), 1);

    boolean good = new OutboxDemo(options, Terminal.plain(new PrintWriter(output, true))).run();

    assertThat(output.toString())
        .contains("killed with kill -9, and muted: the stream relay")
        .containsPattern("published by the poller: [1-9]")
        .containsPattern("duplicates received from the FIFO queue: 0")
        .containsPattern("\\d+ events committed, 0 missing, 0 uncommitted ones received")
        .containsPattern("[1-9]\\d* sales rolled back, 0 of them published");
    assertThat(good).isTrue();
  }
}
