package dev.utsushi.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which stream an embedded pipeline reads, and what reads it. */
final class SourceOptions {
  private static final int MOST_SHARDS = 10;

  /** The stream that delivers the table's changes. */
  enum Source {
    DYNAMODB,
    KINESIS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What reads the stream. */
  enum Consumer {
    FUNCTION,
    WORKER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--source",
      paramLabel = "STREAM",
      defaultValue = "dynamodb",
      description =
          "the stream that is read, dynamodb or kinesis; the first use of kinesis downloads a local"
              + " Kinesis (default: ${DEFAULT-VALUE})")
  private Source source = Source.DYNAMODB;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "shards of the Kinesis stream, 1 to 10 (default: 2)")
  private Optional<Integer> shards = Optional.empty();

  @Option(
      names = "--consumer",
      paramLabel = "CONSUMER",
      defaultValue = "function",
      description =
          "what reads the stream: function, or worker for two workers on the Kinesis Client"
              + " Library (default: ${DEFAULT-VALUE})")
  private Consumer consumer = Consumer.FUNCTION;

  /** Returns the directory with the jars of the worker, if workers read the stream. */
  Optional<Path> workerJars() {
    return switch (consumer) {
      case FUNCTION -> Optional.empty();
      case WORKER ->
          Optional.of(Path.of(System.getProperty("utsushi.home", "."), "worker/target/app"));
    };
  }

  /**
   * Returns the number of shards of the Kinesis stream; 0 for the table's own stream.
   *
   * @throws IllegalArgumentException if it is out of range, or there is no such stream
   */
  int kinesisShards() {
    if (source == Source.DYNAMODB) {
      if (shards.isPresent()) {
        throw new IllegalArgumentException("--shards needs --source kinesis");
      }
      return 0;
    }
    int number = shards.orElse(2);
    if (number < 1 || number > MOST_SHARDS) {
      throw new IllegalArgumentException("--shards takes 1 to 10, not " + number);
    }
    return number;
  }
}
