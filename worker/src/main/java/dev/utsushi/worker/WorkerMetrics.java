package dev.utsushi.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What the worker has done since its start, and how far behind it is. */
final class WorkerMetrics {
  private final LongAdder settled = new LongAdder();
  private final LongAdder attempts = new LongAdder();
  private final LongAdder deadLetters = new LongAdder();
  private final Map<String, OpenRecords> shards = new ConcurrentSkipListMap<>();
  private final InstantSource clock;

  WorkerMetrics(InstantSource clock) {
    this.clock = clock;
  }

  void settled(int records) {
    settled.add(records);
  }

  void attempted(int records) {
    attempts.add(records);
  }

  void deadLetter() {
    deadLetters.increment();
  }

  void opened(String shardId, OpenRecords progress) {
    shards.put(shardId, progress);
  }

  void closed(String shardId, OpenRecords progress) {
    shards.remove(shardId, progress);
  }

  long settledRecords() {
    return settled.sum();
  }

  /** Returns the age of the oldest open record of any shard. */
  Duration iteratorAge() {
    return shards.values().stream().map(this::age).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  private Duration age(OpenRecords progress) {
    Instant oldest = progress.oldestArrival();
    Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /**
   * Returns them in the <a
   * href="https://prometheus.io/docs/instrumenting/exposition_formats/">format of Prometheus</a>.
   */
  String text() {
    var text = new StringBuilder();
    counter(text, "records_settled", "Records that are processed or given up.", settled);
    counter(text, "record_attempts", "Attempts to write a record.", attempts);
    counter(text, "dead_letters", "Records given up.", deadLetters);
    gauge(text, "shards", "Shards that this worker has.");
    text.append("utsushi_worker_shards %d\n".formatted(shards.size()));
    gauge(text, "open_records", "Records that are read and not settled.");
    shards.forEach(
        (shard, progress) ->
            text.append(sample("open_records", shard, Integer.toString(progress.count()))));
    gauge(text, "iterator_age_seconds", "Age of the oldest open record.");
    shards.forEach(
        (shard, progress) -> {
          double seconds = age(progress).toMillis() / 1000.0;
          text.append(
              sample("iterator_age_seconds", shard, String.format(Locale.ROOT, "%.3f", seconds)));
        });
    return text.toString();
  }

  private static void counter(StringBuilder text, String name, String help, LongAdder count) {
    text.append(
        """
        # HELP utsushi_worker_%1$s_total %2$s
        # TYPE utsushi_worker_%1$s_total counter
        utsushi_worker_%1$s_total %3$d
        """
            .formatted(name, help, count.sum()));
  }

  private static void gauge(StringBuilder text, String name, String help) {
    text.append(
        """
        # HELP utsushi_worker_%1$s %2$s
        # TYPE utsushi_worker_%1$s gauge
        """
            .formatted(name, help));
  }

  private static String sample(String name, String shard, String value) {
    return "utsushi_worker_%s{shard=\"%s\"} %s\n".formatted(name, shard, value);
  }
}
