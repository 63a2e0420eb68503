package dev.utsushi.local.mapping;

import static dev.utsushi.local.mapping.Contexts.batch;
import static dev.utsushi.local.stream.Records.records;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LaneBufferTest {

  private final AtomicLong nanoTime = new AtomicLong();

  @Test
  void withoutAWindowRecordsAreDueAtOnce() throws Exception {
    var buffer = new LaneBuffer(3, Duration.ZERO, nanoTime::get);
    buffer.addAll(records(1, 4));
    assertThat(buffer.take()).contains(batch(1, 3));
    assertThat(buffer.take()).contains(batch(4, 4));
  }

  @Test
  void aFullBatchDoesNotWaitForTheWindow() throws Exception {
    var buffer = new LaneBuffer(2, Duration.ofMinutes(5), nanoTime::get);
    buffer.addAll(records(1, 2));
    assertThat(buffer.take()).contains(batch(1, 2));
  }

  @Test
  void theWindowStartsWithTheFirstRecord() throws Exception {
    var buffer = new LaneBuffer(10, Duration.ofMinutes(5), nanoTime::get);
    buffer.addAll(records(1, 1));
    nanoTime.set(Duration.ofSeconds(200).toNanos());
    buffer.addAll(records(2, 2));
    nanoTime.set(Duration.ofMinutes(5).toNanos());
    assertThat(buffer.take()).contains(batch(1, 2));
  }

  @Test
  void aRecordWaitsForTheWindow() throws Exception {
    var buffer = new LaneBuffer(10, Duration.ofSeconds(1), System::nanoTime);
    buffer.addAll(records(1, 1));
    long start = System.nanoTime();
    assertThat(buffer.take()).contains(batch(1, 1));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
  }

  @Test
  void aClosedBufferReturnsTheRestAndEnds() throws Exception {
    var buffer = new LaneBuffer(10, Duration.ofMinutes(5), nanoTime::get);
    buffer.addAll(records(1, 1));
    buffer.close();
    assertThat(buffer.take()).contains(batch(1, 1));
    assertThat(buffer.take()).isEmpty();
  }
}
