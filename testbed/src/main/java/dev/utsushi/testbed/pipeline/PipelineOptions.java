package dev.utsushi.testbed.pipeline;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The settings of an {@link EmbeddedPipeline}. Start from {@link #of} or {@link #activityLog} and
 * change what differs.
 *
 * @param name of the readers' alias, and of the table that is created; the names of functions and
 *     queues derive from it
 * @param functionJar the function as it is deployed
 * @param keys of the table: the partition key, then the sort key if there is one
 * @param itemsBeforeStream that the table has when its stream is switched on
 * @param environment the function's variables in addition to engine, index and keys; these win, and
 *     so do the endpoints of DynamoDB and SQS
 * @param functionTimeout of the replication function
 * @param captureTimeout of the capture function; six times that is the failure queue's visibility
 *     timeout, as Lambda's documentation recommends
 * @param workerTimeout of the function that works on segments; the queue shows a message again 10 s
 *     after that
 * @param invocationOverhead a real wait before the handler of each replication
 * @param leastInvocationTime a replication that is shorter waits for the rest of it
 * @param mapping the settings of the event source mapping
 * @param firstRetryWait of the event source mapping; it doubles up to the longest
 * @param longestRetryWait of the event source mapping
 * @param proxy made for the engine's endpoint and closed with the pipeline; the functions then
 *     reach the engine through it
 * @param function wraps the replication function for the event source mapping
 * @param worker wraps the function that works on segments for its event source mapping
 * @param failureQueue wraps the client that the event source mapping sends failures with
 * @param listener observes the event source mapping
 * @param log receives each line that a function writes
 * @param kinesis the Kinesis stream that is read in place of the table's own stream
 * @param workerJars a directory with the jars of the worker, which then takes the place of the
 *     replication function
 * @param streamWorkerEnvironment variables of the worker that win over those of the function
 * @param sharing a pipeline on the same servers whose table and stream this one consumes as well;
 *     it must be closed later
 */
@RecordBuilder
public record PipelineOptions(
    String name,
    Path functionJar,
    List<KeyAttribute> keys,
    Supplier<Stream<Map<String, AttributeValue>>> itemsBeforeStream,
    Map<String, String> environment,
    Duration functionTimeout,
    Duration captureTimeout,
    Duration workerTimeout,
    Duration invocationOverhead,
    Duration leastInvocationTime,
    EventSourceMappingSettings mapping,
    Duration firstRetryWait,
    Duration longestRetryWait,
    Optional<Function<URI, FaultProxy>> proxy,
    UnaryOperator<Invocable> function,
    UnaryOperator<Invocable> worker,
    UnaryOperator<SqsClient> failureQueue,
    Consumer<MappingEvent> listener,
    Consumer<LogLine> log,
    Optional<KinesisEnd> kinesis,
    Optional<Path> workerJars,
    Map<String, String> streamWorkerEnvironment,
    Optional<EmbeddedPipeline> sharing)
    implements PipelineOptionsBuilder.With {
  private static final int RETRIES = 3;

  public PipelineOptions {
    keys = List.copyOf(keys);
    environment = Map.copyOf(environment);
    streamWorkerEnvironment = Map.copyOf(streamWorkerEnvironment);
  }

  /** Batch size 1, factor 1, three retries, Lambda's time-outs; nothing between the parts. */
  public static PipelineOptions of(String name, Path functionJar, List<KeyAttribute> keys) {
    return new PipelineOptions(
        name,
        functionJar,
        keys,
        Stream::empty,
        Map.of(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ZERO,
        Duration.ZERO,
        EventSourceMappingSettings.defaults()
            .withBatchSize(1)
            .withMaximumRetryAttempts(RETRIES)
            .withReportBatchItemFailures(true),
        Duration.ofMillis(100),
        Duration.ofSeconds(60),
        Optional.empty(),
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        _ -> {},
        line -> {},
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  /** The same for a table of activity: with its keys, its mapping and its lag attribute. */
  public static PipelineOptions activityLog(String name, Path functionJar) {
    return of(name, functionJar, ActivityTable.KEYS)
        .withEnvironment(
            Map.of(
                Setting.MAPPING.variable(), ActivityTable.MAPPING_RESOURCE,
                Setting.LAG_ATTRIBUTE.variable(), ActivityTable.WRITTEN_AT));
  }

  /** The same with several indexes, each of which shows the whole table. */
  public PipelineOptions withTargets(int count) {
    Map<String, String> variables = new HashMap<>(environment);
    String mapping = variables.remove(Setting.MAPPING.variable());
    variables.put(
        Setting.TARGETS.variable(),
        targets(name, count).stream()
            .map(index -> "{\"index\":\"%s\",\"mapping\":\"%s\"}".formatted(index, mapping))
            .toList()
            .toString());
    return withEnvironment(variables);
  }

  /** Returns the names of so many indexes: the pipeline's own, and {@code NAME-copy-2} and on. */
  public static List<String> targets(String name, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> number == 1 ? name : name + "-copy-" + number)
        .toList();
  }

  /** The same with a Kinesis stream in place of the table's own. */
  public PipelineOptions withKinesis(KinesisEnd kinesis) {
    return withKinesis(Optional.of(kinesis));
  }

  /** The same with a worker in place of the replication function. */
  public PipelineOptions withWorkerJars(Path directory) {
    return withWorkerJars(Optional.of(directory));
  }

  /** The same as one more consumer of another pipeline's changes. */
  public PipelineOptions withSharing(EmbeddedPipeline other) {
    return withSharing(Optional.of(other));
  }

  /** The same with a proxy between the functions and the engine. */
  public PipelineOptions withProxy(Function<URI, FaultProxy> proxy) {
    return withProxy(Optional.of(proxy));
  }
}
