package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.mapping.MappingContext.Backlog;
import dev.utsushi.local.mapping.MappingContext.Backoff;
import dev.utsushi.local.mapping.MappingContext.OnFailureQueue;
import dev.utsushi.local.stream.CheckpointStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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

  private final AtomicReference<MappingCounters> counters =
      new AtomicReference<>(MappingCounters.ZERO);
  private final StreamConsumer consumer;

  private EventSourceMapping(Builder builder) {
    var context =
        new MappingContext(
            builder.streamArn,
            builder.function,
            builder.settings,
            builder.onFailure,
            builder.checkpoints,
            event -> {
              var _ = counters.updateAndGet(count -> count.after(event));
              builder.listener.accept(event);
            },
            builder.backoff,
            Backlog.of(builder.settings),
            InstantSource.system(),
            Thread::sleep);
    consumer = new StreamConsumer(builder.change.apply(context), builder.streams);
  }

  /**
   * Returns a builder with the required parts.
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
   * {@link EventSourceMappingSettings.StartingPosition#LATEST} every later change reaches the
   * function, even if the mapping is closed first and restarted from its checkpoints.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read
   */
  public void start() {
    consumer.start();
  }

  public MappingCounters counters() {
    return counters.get();
  }

  /**
   * Stops polling and starts no further invocation. One in flight may end within the function's
   * time-out and still counts; records that are unsettled then come again after a restart.
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
    private Optional<OnFailureQueue> onFailure = Optional.empty();
    private CheckpointStore checkpoints = new CheckpointStore();
    private Consumer<MappingEvent> listener = _ -> {};
    private Backoff backoff = backoff(Duration.ofMillis(100), Duration.ofSeconds(60));
    private UnaryOperator<MappingContext> change = UnaryOperator.identity();

    private Builder(
        String streamArn,
        DynamoDbStreamsClient streams,
        Invocable function,
        EventSourceMappingSettings settings) {
      this.streamArn = streamArn;
      this.streams = streams;
      this.function = function;
      this.settings = settings;
    }

    /** Sends messages about records that are given up; without a queue they are dropped. */
    public Builder onFailure(SqsClient sqs, String queueUrl) {
      onFailure = Optional.of(new OnFailureQueue(sqs, queueUrl));
      return this;
    }

    /** Starts from these checkpoints and writes to them; the default is a new empty store. */
    public Builder checkpoints(CheckpointStore checkpoints) {
      this.checkpoints = checkpoints;
      return this;
    }

    /** Reports what the mapping does; see {@link MappingEvent} for the thread it is called on. */
    public Builder listener(Consumer<MappingEvent> listener) {
      this.listener = listener;
      return this;
    }

    /** Sets the wait before the first retry, which doubles up to the longest: 100 ms and 60 s. */
    public Builder retryWaits(Duration first, Duration longest) {
      backoff = backoff(first, longest);
      return this;
    }

    private static Backoff backoff(Duration first, Duration longest) {
      return new Backoff(first, longest, RandomGenerator.getDefault());
    }

    /**
     * Accepts only zero, AWS's default, which means no window.
     *
     * @throws IllegalArgumentException for any other window
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

    /** Changes the context, for tests: another backlog or other waits, for example. */
    Builder context(UnaryOperator<MappingContext> change) {
      this.change = change;
      return this;
    }

    public EventSourceMapping build() {
      return new EventSourceMapping(this);
    }
  }
}
