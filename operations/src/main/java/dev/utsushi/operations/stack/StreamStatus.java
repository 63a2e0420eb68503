package dev.utsushi.operations.stack;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.DeadLetterQueue.Figures;
import dev.utsushi.core.deadletter.IndexRequest;
import dev.utsushi.core.deadletter.IndexRequest.Operation;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.lambda.KinesisHandler;
import dev.utsushi.lambda.ReplicationHandler;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/**
 * How a stream does: the JSON of {@code utsushi status}.
 *
 * @param engine what the engine says of the index, asked by the replay function
 * @param mappings of the replication function; none if it was deleted
 * @param deadLetters how many messages are in the dead-letter queue, those in flight included
 */
public record StreamStatus(
    @JsonUnwrapped DeployedStream stream,
    Instant at,
    IndexStatus engine,
    List<Mapping> mappings,
    long deadLetters) {

  /**
   * An event source mapping.
   *
   * @param state {@code Enabled}, {@code Disabled} …
   * @param lastResult of the last invocation
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html">
   *     EventSourceMappingConfiguration</a>
   */
  public record Mapping(String eventSourceArn, String state, String lastResult) {

    static Mapping of(EventSourceMappingConfiguration mapping) {
      return new Mapping(
          mapping.eventSourceArn(),
          mapping.state(),
          String.valueOf(mapping.lastProcessingResult()));
    }

    /** Returns whether Lambda retries a batch that failed. */
    public boolean retries() {
      return lastResult.startsWith("PROBLEM");
    }

    boolean works() {
      return state.equals("Enabled") && !retries();
    }
  }

  /** Returns whether nothing needs attention. */
  public boolean needsNothing() {
    return engine.takesChanges()
        && !mappings.isEmpty()
        && mappings.stream().allMatch(Mapping::works)
        && deadLetters == 0;
  }

  /**
   * Asks Lambda, SQS and, by the replay function, the engine.
   *
   * @param waiting told what it waits for
   */
  public static StreamStatus read(
      AwsClients clients, DeployedStream stream, Consumer<String> waiting)
      throws InterruptedException {
    Figures figures =
        AwsErrors.call(
            "sqs:GetQueueAttributes",
            new DeadLetterQueue(clients.sqs(), stream.queueUrl())::figures);
    return new StreamStatus(
        stream,
        Instant.now(),
        engine(clients, stream, waiting),
        mappings(clients, stream),
        figures.visible() + figures.inFlight());
  }

  /**
   * Asks the replay function about the index, or has it create the index.
   *
   * @param waiting told what it waits for: an idle function takes minutes to become ready
   * @throws OperationException if the function does not reply
   */
  public static IndexStatus ask(
      AwsClients clients, DeployedStream stream, Operation operation, Consumer<String> waiting)
      throws InterruptedException {
    try (LambdaClient lambda = clients.invoker(stream.functionTimeout())) {
      return new ReplayFunction(lambda, stream, () -> {}, waiting)
          .invoke(
              new IndexRequest(operation, stream.target()).toJson(), IndexRequest::parseReply, "");
    }
  }

  /** A status tells what is wrong: also that the function does not answer. */
  private static IndexStatus engine(
      AwsClients clients, DeployedStream stream, Consumer<String> waiting)
      throws InterruptedException {
    try {
      return ask(clients, stream, Operation.INSPECT, waiting);
    } catch (OperationException e) {
      return IndexStatus.of(State.UNREACHABLE, String.valueOf(e.getMessage()));
    }
  }

  /** Returns whether it is a stream of the table, the Kinesis stream or a consumer of that. */
  private static boolean isSource(DeployedStream stream, String arn) {
    return stream.sources().stream()
        .anyMatch(source -> arn.equals(source) || arn.startsWith(source + '/'));
  }

  /** Returns the mappings from streams of the table to the functions that write to the index. */
  private static List<Mapping> mappings(AwsClients clients, DeployedStream stream) {
    Set<String> functions =
        Stream.of(ReplicationHandler.class, KinesisHandler.class)
            .flatMap(handler -> StreamFinder.functions(clients, handler))
            .filter(function -> StreamFinder.isOf(function, stream))
            .map(FunctionConfiguration::functionName)
            .collect(Collectors.toSet());
    return AwsErrors.call(
        "lambda:ListEventSourceMappings",
        () ->
            clients.lambda().listEventSourceMappingsPaginator().eventSourceMappings().stream()
                .filter(mapping -> isSource(stream, mapping.eventSourceArn()))
                .filter(mapping -> functions.contains(functionName(mapping.functionArn())))
                .map(Mapping::of)
                .toList());
  }

  /** Returns the name in an ARN, which may end with a version or an alias. */
  private static String functionName(String arn) {
    return arn.replaceFirst("^.*:function:", "").split(":", -1)[0];
  }
}
