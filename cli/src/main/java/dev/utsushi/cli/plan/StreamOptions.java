package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.simulation.StreamModel;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options that say how changes come out of the table, and what counts as late. */
public final class StreamOptions {
  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "of the stream: DynamoDB decides, one for each partition of the table, and a partition"
              + " takes about 1,000 writes a second (1 to 1000; default ${DEFAULT-VALUE})")
  private int shards;

  @Option(
      names = "--record-bytes",
      paramLabel = "N",
      defaultValue = "1024",
      description = "size of a change: polls carry 1 MB, batches 6 MB (default ${DEFAULT-VALUE})")
  private int recordBytes;

  @Option(
      names = "--stream-delay",
      paramLabel = "DURATION",
      defaultValue = "10ms",
      description = "from a write until a poll finds it (default ${DEFAULT-VALUE})")
  private String visibleAfter = "";

  @Option(
      names = "--poll-interval",
      paramLabel = "DURATION",
      defaultValue = "250ms",
      description =
          "between polls of a shard; Lambda polls 4 times a second (default ${DEFAULT-VALUE})")
  private String pollInterval = "";

  @Option(
      names = "--refresh",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description =
          "the index's refresh interval: lags end when a change can be searched; 0s for when it is"
              + " indexed (default ${DEFAULT-VALUE})")
  private String refresh = "";

  @Option(
      names = "--consumers",
      paramLabel = "N",
      defaultValue = "1",
      description = "how many read the stream, this one included (default ${DEFAULT-VALUE})")
  private int consumers;

  StreamModel stream() {
    StreamModel usual = StreamModel.ofShards(shards);
    return new StreamModel(
        shards,
        DurationText.parse(visibleAfter),
        DurationText.parse(pollInterval),
        usual.pollTime(),
        recordBytes);
  }

  Duration refresh() {
    return DurationText.parse(refresh);
  }

  int consumers() {
    if (consumers < 1) {
      throw new IllegalArgumentException("--consumers takes 1 or more, not " + consumers);
    }
    return consumers;
  }
}
