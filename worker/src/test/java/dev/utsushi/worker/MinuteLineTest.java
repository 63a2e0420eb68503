package dev.utsushi.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MinuteLineTest {
  private static final InstantSource FOUR_SECONDS_LATER =
      InstantSource.fixed(Records.ARRIVED_AT.plusSeconds(4));

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final WorkerMetrics metrics = new WorkerMetrics(FOUR_SECONDS_LATER);
  private final MinuteLine line =
      new MinuteLine(
          metrics,
          new TreeMap<>(Map.of("Index", "deals", "Stack", "sales")),
          new Log(new PrintStream(written, true, UTF_8), FOUR_SECONDS_LATER));

  /** The greatest age of the minute counts, although the record is settled when it ends. */
  @Test
  void aMinuteIsOneLineThatCloudWatchReads() {
    OpenRecords shard = new OpenRecords();
    metrics.opened("shard", shard);
    OpenRecord open = Records.open("1", "a", 1);
    shard.add(open);
    line.sample();
    shard.settle(List.of(open));
    metrics.settled(3);
    for (int i = 1; i < 11; i++) {
      line.sample();
    }
    assertThat(written.size()).isZero();

    line.sample();
    assertThat(written.toString(UTF_8))
        .isEqualTo(
            """
            {"_aws":{"Timestamp":1795827727400,"CloudWatchMetrics":[{"Namespace":"Utsushi",\
            "Dimensions":[["Index","Stack"]],"Metrics":[\
            {"Name":"IteratorAge","Unit":"Milliseconds"},\
            {"Name":"Settled","Unit":"Count"}]}]},\
            "Index":"deals","Stack":"sales","IteratorAge":4000,"Settled":3}
            """);
  }

  @Test
  void theNextMinuteStartsFromZero() {
    metrics.settled(3);
    for (int i = 0; i < 24; i++) {
      line.sample();
    }
    assertThat(written.toString(UTF_8).lines())
        .satisfiesExactly(
            first -> assertThat(first).endsWith("\"IteratorAge\":0,\"Settled\":3}"),
            second -> assertThat(second).endsWith("\"IteratorAge\":0,\"Settled\":0}"));
  }
}
