package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.SegmentQueue;
import dev.utsushi.core.run.SegmentQueue.Start;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.local.LocalClients;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.run.SegmentWorker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The messages of the queue of segments, as Lambda hands them to the handler. */
final class RunHandlerIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunWorld world = new RunWorld(SharedServers.dynamoDb(), Engines.openSearch());
  private final LocalQueue segments = new LocalQueue("segments-" + UUID.randomUUID());
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private List<BatchItemFailure> handle(String id, String body) {
    return handle(new SocketCaller(), id, body);
  }

  private List<BatchItemFailure> handle(HttpCaller caller, String id, String body) {
    return handle(world.worker(caller), id, body);
  }

  private List<BatchItemFailure> handle(SegmentWorker worker, String id, String body) {
    var queue = new SegmentQueue(SharedServers.sqs().client(), segments.url);
    var log = new Log(new PrintStream(out), InstantSource.system());
    var handler = new RunHandler(worker, queue, Map.of("Index", "deals", "Stack", "prod"), log);
    SQSMessage message = new SQSMessage();
    message.setMessageId(id);
    message.setBody(body);
    SQSEvent event = new SQSEvent();
    event.setRecords(List.of(message));
    return handler
        .handleRequest(event, new InvocationContext(Duration.ofMinutes(2)))
        .getBatchItemFailures();
  }

  /** Handles what is in the queue until it is empty, and returns the last body. */
  private String drain() {
    String last = "";
    while (true) {
      List<Message> messages =
          SharedServers.sqs()
              .client()
              .receiveMessage(receive -> receive.queueUrl(segments.url).maxNumberOfMessages(10))
              .messages();
      if (messages.isEmpty()) {
        return last;
      }
      for (Message message : messages) {
        assertThat(handle(message.messageId(), message.body())).isEmpty();
        SharedServers.sqs()
            .client()
            .deleteMessage(
                delete -> delete.queueUrl(segments.url).receiptHandle(message.receiptHandle()));
        last = message.body();
      }
    }
  }

  /** Returns the lines of the log since the last look that have a field. */
  private List<JsonNode> lines(String field) {
    List<JsonNode> lines = out.toString(UTF_8).lines().map(RunHandlerIT::parse).toList();
    out.reset();
    return lines.stream().filter(line -> line.has(field)).toList();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private int delayed() {
    return Integer.parseInt(
        SharedServers.sqs()
            .client()
            .getQueueAttributes(
                get -> get.queueUrl(segments.url).attributeNames(QueueAttributeName.ALL))
            .attributes()
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
  }

  @Test
  void aScheduledVerificationRunsAndReportsItsDrift() {
    world.table.put(Map.of("id", AttributeValue.fromS("a")));
    assertThat(handle("first", Start.verify(false, 1, 50).toJson())).isEmpty();
    Run run = world.store.last().orElseThrow();
    assertThat(run.kind()).isEqualTo(Kind.VERIFY);
    assertThat(run.readCapacity()).isEqualTo(50);
    assertThat(run.repair()).isFalse();
    String last = drain();
    assertThat(world.store.last().orElseThrow().state()).isEqualTo(State.FINISHED);
    assertThat(figures()).containsExactly("1 0 0");
    assertThat(handle("again", last)).isEmpty();
    assertThat(figures()).as("the worker may have died before it told").containsExactly("1 0 0");

    assertThat(handle("second", Start.verify(true, 1, 0).toJson())).isEmpty();
    drain();
    assertThat(figures()).containsExactly("0 1 0");
  }

  private List<String> figures() {
    return lines("_aws").stream()
        .map(
            line -> {
              assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions/0")).hasSize(2);
              assertThat(line.path("Stack").asText()).isEqualTo("prod");
              return "%s %s %s"
                  .formatted(line.path("Drift"), line.path("Repaired"), line.path("NotCompared"));
            })
        .toList();
  }

  @Test
  void aSampleIsPartOfTheTable() {
    assertThat(handle("sample", Start.verify(false, 0.01, 0).toJson())).isEmpty();
    Run run = world.store.last().orElseThrow();
    assertThat(run.totalSegments()).isEqualTo(100 * run.segments());
  }

  @Test
  void aScheduledRunWaitsForOneOfAnotherKind() {
    Run backfill = world.start(Kind.BACKFILL, 1, false);
    assertThat(handle("a", Start.verify(false, 1, 0).toJson())).isEmpty();
    assertThat(delayed()).isEqualTo(1);
    assertThat(lines("event")).isEmpty();
    Start waiting = Start.verify(false, 1, 0);
    int waits = 0;
    while (waiting.waited().isPresent()) {
      waiting = waiting.waited().orElseThrow();
      waits++;
    }
    assertThat(waits).as("quarters of an hour").isEqualTo(96);
    assertThat(Start.parse(waiting.toJson())).contains(waiting);
    assertThat(handle("b", waiting.toJson())).isEmpty();
    assertThat(lines("event")).hasSize(1);

    assertThat(world.store.change(backfill, State.STOPPED)).isTrue();
    assertThat(handle("stopped", waiting.toJson())).isEmpty();
    assertThat(lines("event")).as("it may go on tomorrow").hasSize(1);
    assertThat(world.store.change(backfill, State.RUNNING)).isTrue();
    world.finish(backfill);
    assertThat(handle("c", Start.verify(false, 1, 0).toJson())).isEmpty();
    assertThat(handle("d", Start.verify(false, 1, 0).toJson())).isEmpty();
    assertThat(lines("event").toString()).contains("run_not_started");
    assertThat(delayed()).as("it does the same already").isEqualTo(1);
  }

  /** SQS brings the message again a few times, and then it is a dead letter. */
  @Test
  void aWorkerThatIsDeniedSaysWhatAndDoesNotWakeItself() {
    String denied = "User: worker is not authorized to perform: dynamodb:Scan on resource: table/t";
    String answer = "{\"__type\":\"AccessDeniedException\",\"message\":\"%s\"}".formatted(denied);
    world.table.put(Map.of("id", AttributeValue.fromS("a")));
    Run run = world.start(Kind.BACKFILL, 1, false);
    try (var proxy =
            new FaultProxy(
                SharedServers.dynamoDb().endpoint(),
                request ->
                    request.header("X-Amz-Target").endsWith(".Scan")
                        ? new ProxyAction.Answer(400, answer)
                        : new ProxyAction.Forward(),
                ProxyListener.SILENT);
        var client = LocalClients.build(DynamoDbClient.builder(), proxy.endpoint())) {
      var store = new RunStore(client, world.store.table(), InstantSource.system());
      failsWith(world.worker(new SocketCaller(), store), run, denied);
    }
  }

  @Test
  void aTableWithOtherKeysThanTheSettingsIsToldToo() {
    world.table.put(Map.of("id", AttributeValue.fromS("a")));
    Run run = world.start(Kind.BACKFILL, 1, false);
    var other = world.with(Map.of("UTSUSHI_PARTITION_KEY", "deal"));
    failsWith(other.worker(), run, "The items have no 'deal': UTSUSHI_PARTITION_KEY");
  }

  private void failsWith(SegmentWorker worker, Run run, String reason) {
    String body = "{\"run\":\"%s\",\"segment\":0}".formatted(run.id());
    assertThat(handle(worker, "denied", body)).hasSize(1);
    assertThat(world.store.segment(run, 0).failure()).contains(reason);
    assertThat(drain()).as("nothing is sent").isEmpty();
    assertThat(delayed()).isZero();
    assertThat(lines("event").toString()).contains("segment_failed", reason);
  }

  @Test
  void whatFailsIsReportedAndIsNoDrift() {
    HttpCaller away =
        _ -> {
          throw new ConnectException();
        };
    assertThat(handle(away, "purge", Start.purge().toJson())).hasSize(1);
    assertThat(handle("odd", "{}")).hasSize(1);
    assertThat(lines("event").toString()).contains("run_not_started", "message_unreadable");
    assertThat(handle("start", Start.verify(false, 1, 0).toJson())).isEmpty();
    String id = world.store.last().orElseThrow().id();
    int documents = world.store.last().orElseThrow().segments();
    world.table.put(Map.of("id", AttributeValue.fromS("a")));
    assertThat(handle(away, "segment", "{\"run\":\"%s\",\"segment\":%d}".formatted(id, documents)))
        .isEmpty();
    assertThat(world.store.segment(world.store.last().orElseThrow(), documents).failure())
        .isNotNull();
    assertThat(lines("_aws")).isEmpty();
  }
}
