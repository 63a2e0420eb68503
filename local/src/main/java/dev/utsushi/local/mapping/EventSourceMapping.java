package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.Invocable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * An event source mapping from a DynamoDB stream to a function.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Using Lambda with
 *     DynamoDB Streams</a>
 */
public final class EventSourceMapping implements AutoCloseable {

  private final StreamConsumer consumer;
  private final CountingListener counting;

  private EventSourceMapping(Builder builder) {
    counting = new CountingListener(builder.listener);
    var timing = new Timing(InstantSource.system(), Thread::sleep, RandomGenerator.getDefault());
    var context =
        new MappingContext(
            builder.streamArn,
            builder.function,
            builder.settings,
            builder.destination,
            builder.checkpoints,
            counting,
            new RetryBackoff(builder.firstRetryWait, builder.longestRetryWait, timing.random()),
            builder.backlog,
            timing);
    consumer = new StreamConsumer(context, builder.streams);
  }

  /**
   * A mapping still to be built, with what it can't do without.
   *
   * @param streamArn the stream, not the table: {@code arn:aws:dynamodb:…/stream/<label>}
   */
  public static Builder of(
      String streamArn,
      DynamoDbStreamsClient streams,
      Invocable function,
      EventSourceMappingSettings settings) {
    return new Builder(streamArn, streams, function, settings);
  }

  /**
   * Starts to poll. When it returns, the shards that exist have their starting positions: with
   * {@link StartingPosition#LATEST} every later change reaches the function, also when the mapping
   * is closed before and started again from its checkpoints.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read
   */
  public void start() {
    consumer.start();
  }

  public MappingCounters counters() {
    return counting.counters();
  }

  /**
   * Stops polling and starts no further invocation. One under way may end within its function's
   * time-out and still counts; whatever is unsettled then is before the checkpoint of nobody and
   * comes again after a restart.
   */
  @Override
  public void close() {
    consumer.close();
  }

  /** The optional parts of a mapping. */
  public static final class Builder {
    private final String streamArn;
    private final DynamoDbStreamsClient streams;
    private final Invocable function;
    private final EventSourceMappingSettings settings;
    private OnFailureDestination destination = new OnFailureDestination.None();
    private CheckpointStore checkpoints = new InMemoryCheckpointStore();
    private MappingListener listener = new MappingListener() {};
    private Duration firstRetryWait = Duration.ofMillis(100);
    private Duration longestRetryWait = Duration.ofSeconds(60);
    private Backlog backlog;

    private Builder(
        String streamArn,
        DynamoDbStreamsClient streams,
        Invocable function,
        EventSourceMappingSettings settings) {
      this.streamArn = streamArn;
      this.streams = streams;
      this.function = function;
      this.settings = settings;
      backlog = Backlog.of(settings);
    }

    /** Sends a message to this queue about records that are given up; without one they drop. */
    public Builder onFailure(SqsClient sqs, String queueUrl) {
      destination = new OnFailureDestination.Queue(sqs, queueUrl);
      return this;
    }

    /** Starts from these checkpoints and writes to them; the default is a new empty store. */
    public Builder checkpoints(CheckpointStore checkpoints) {
      this.checkpoints = checkpoints;
      return this;
    }

    public Builder listener(MappingListener listener) {
      this.listener = listener;
      return this;
    }

    /** The wait before the first retry, which doubles up to the longest; 100 ms and 60 s. */
    public Builder retryWaits(Duration first, Duration longest) {
      firstRetryWait = first;
      longestRetryWait = longest;
      return this;
    }

    /**
     * Tumbling windows do not exist here.
     *
     * @param window only zero, AWS's default, which means none
     * @throws IllegalArgumentException if it asks for a window
     * @see <a
     *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html">Stateful
     *     processing</a>
     */
    public Builder tumblingWindow(Duration window) {
      if (!window.isZero()) {
        throw new IllegalArgumentException(
            "tumblingWindow is refused: the embedded mapping has no tumbling windows");
      }
      return this;
    }

    /** For tests: another bound of what is read and not settled. */
    Builder backlog(Backlog backlog) {
      this.backlog = backlog;
      return this;
    }

    public EventSourceMapping build() {
      return new EventSourceMapping(this);
    }
  }
}
