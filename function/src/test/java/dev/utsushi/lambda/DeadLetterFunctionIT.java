package dev.utsushi.lambda;

import static dev.utsushi.lambda.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaApi;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingContext;
import dev.utsushi.stream.RecordTexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

/** The jar under the real runtime: from an outage to an index that equals the table again. */
final class DeadLetterFunctionIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DeadLetterWorld world = new DeadLetterWorld();
  private final ConcurrentLinkedQueue<LogLine> log = new ConcurrentLinkedQueue<>();

  @Test
  void anOutageIsCapturedAndReplayed() throws Exception {
    String failures = queue("failures");
    for (int i = 0; i < 6; i++) {
      world.table.put("item-" + i, "during the outage");
    }
    world.table.delete("item-5");
    failAll(failures, 7);
    try (LambdaFunction capture = function(CaptureHandler.class, Map.of())) {
      for (List<Message> some = receive(failures); !some.isEmpty(); some = receive(failures)) {
        assertThat(payload(capture.invoke(sqsEvent(some)))).contains("\"batchItemFailures\":[]");
        some.forEach(message -> delete(failures, message));
      }
    }
    assertThat(world.queue.bodies())
        .hasSize(7)
        .allMatch(
            body ->
                DeadLetter.parse(body, Set.of(world.table.arn())) instanceof DeadLetter.Captured);
    world.table.put("item-0", "after the outage");
    world.handlers.replicate(world.table.streamed().getLast());
    try (LambdaFunction replay = function(ReplayHandler.class, Map.of())) {
      ReplayReply rehearsed = reply(replay.invoke("{\"dryRun\":true}".getBytes(UTF_8)));
      assertThat(world.index.documents()).isEqualTo(Map.of("item-0", "after the outage"));
      assertThat(world.queue.counts()).containsExactly(7, 0);
      ReplayReply replayed = reply(replay.invoke("{}".getBytes(UTF_8)));
      for (ReplayReply reply : List.of(rehearsed, replayed)) {
        assertThat(reply.stopped()).isEqualTo(ReplayReply.Stopped.EMPTY);
        assertThat(reply.totals().records()).isEqualTo(7);
        assertThat(reply.totals().count(Kind.APPLIED)).isEqualTo(5);
        assertThat(reply.totals().count(Kind.SUPERSEDED)).isEqualTo(2);
      }
      assertThat(rehearsed.totals().kept()).isEqualTo(7);
      assertThat(replayed.totals().deleted()).isEqualTo(7);
    }
    assertThat(world.index.documents()).isEqualTo(world.table.items());
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  @Test
  void theReasonTravelsFromTheFailedInvocationToTheMessage() throws Exception {
    world.table.put("a", "first");
    var streamed = world.table.streamed().getFirst();
    String failure = world.table.failure(streamed);
    String foreign = world.table.stream.replace("table/", "table/another-");
    String event = "{\"Records\":[" + RecordTexts.of(streamed.streamRecord(), foreign) + "]}";
    try (LambdaApi api = LambdaApi.start();
        LambdaFunction replication = function(ReplicationHandler.class, Map.of())) {
      api.add(replication, Map.of());
      assertThat(payload(replication.invoke(event.getBytes(UTF_8))))
          .contains(streamed.sequenceNumber());
      Map<String, String> logs =
          Map.of(
              "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", api.endpoint().toString(),
              "UTSUSHI_REPLICATION_LOG_GROUP", replication.logs().name());
      try (LambdaFunction capture = function(CaptureHandler.class, logs)) {
        Message message = Message.builder().messageId("m-1").body(failure).build();
        assertThat(payload(capture.invoke(sqsEvent(List.of(message)))))
            .contains("\"batchItemFailures\":[]");
      }
    }
    var captured =
        (DeadLetter.Captured)
            DeadLetter.parse(world.queue.bodies().getFirst(), Set.of(world.table.arn()));
    assertThat(captured.reason()).startsWith("unreadable: ").contains("another-");
  }

  @Test
  void theSecondChanceWritesAndUnreadableRangesAreRetried() throws Exception {
    world.table.put("a", "first");
    String failure = world.table.failure(world.table.streamed().getFirst());
    Message message = Message.builder().messageId("m-1").body(failure).build();
    Map<String, String> nobody = Map.of("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "http://127.0.0.1:1");
    try (LambdaFunction capture = function(CaptureHandler.class, nobody)) {
      assertThat(payload(capture.invoke(sqsEvent(List.of(message)))))
          .contains("{\"itemIdentifier\":\"m-1\"}");
    }
    Map<String, String> secondChance = Map.of("UTSUSHI_SECOND_CHANCE", "true");
    try (LambdaFunction capture = function(CaptureHandler.class, secondChance)) {
      assertThat(payload(capture.invoke(sqsEvent(List.of(message)))))
          .contains("\"batchItemFailures\":[]");
    }
    assertThat(world.index.documents()).isEqualTo(world.table.items());
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  @Test
  void whatTheMappingFiltersOutIsCounted() throws Exception {
    world.table.put("a", "first");
    world.table.delete("a");
    world.table.put("b", "first");
    var streamed = world.table.streamed();
    String failure = world.table.failure(streamed.toArray(StreamedTable.Streamed[]::new));
    Message message = Message.builder().messageId("m-1").body(failure).build();
    Map<String, String> inserts =
        Map.of("UTSUSHI_FILTER_PATTERNS", "[{\"eventName\":[\"INSERT\"]}]");
    try (LambdaFunction capture = logged(CaptureHandler.class, inserts)) {
      payload(capture.invoke(sqsEvent(List.of(message))));
    }
    assertThat(filtered()).containsExactly(1L);
    assertThat(world.handlers.replay().totals().count(Kind.APPLIED)).isEqualTo(2);
    log.clear();
    world.queue.send(failure, world.table.failure(streamed.get(1)));
    try (LambdaFunction replay = logged(ReplayHandler.class, inserts)) {
      ReplayReply rehearsed = reply(replay.invoke("{\"dryRun\":true}".getBytes(UTF_8)));
      assertThat(rehearsed.totals().count(Kind.FILTERED)).isEqualTo(2);
      assertThat(filtered()).isEmpty();
      ReplayReply replayed = reply(replay.invoke("{}".getBytes(UTF_8)));
      assertThat(replayed.totals().deleted()).isEqualTo(2);
      assertThat(replayed.totals().records()).isEqualTo(4);
      assertThat(replayed.totals().count(Kind.FILTERED)).isEqualTo(2);
    }
    assertThat(filtered()).isNotEmpty().satisfies(each -> assertThat(sum(each)).isEqualTo(2));
  }

  private LambdaFunction logged(Class<?> handler, Map<String, String> more) {
    return new LambdaFunction(world.handlers.deployed(handler, more).withLog(log::add));
  }

  /** A closed function's log has been read. */
  private List<Long> filtered() {
    return log.stream()
        .map(LogLine::text)
        .filter(line -> line.contains("\"_aws\""))
        .map(DeadLetterFunctionIT::parse)
        .filter(line -> line.path("Filtered").asLong() > 0)
        .map(line -> line.path("Filtered").asLong())
        .toList();
  }

  private static long sum(List<? extends Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyProblemIsOneClearError() throws Exception {
    Map<String, String> nowhere =
        Map.of("UTSUSHI_DEAD_LETTER_QUEUE_URL", world.queue.url + "-that-is-not-there");
    try (LambdaFunction replay = function(ReplayHandler.class, nowhere)) {
      assertThat(error(replay.invoke("{\"max\":1}".getBytes(UTF_8))))
          .contains("can't receive messages from")
          .contains("Does the queue exist");
      assertThat(error(replay.invoke("{\"maximum\":1}".getBytes(UTF_8))))
          .contains("there is no 'maximum', but [dryRun, max,");
    }
    try (LambdaFunction replay = function(ReplayHandler.class, Map.of("UTSUSHI_TABLE_ARN", "t"))) {
      assertThat(replay.invoke("{}".getBytes(UTF_8)))
          .isInstanceOf(InvocationResult.InitFailed.class);
    }
  }

  @Test
  void theReplicationLoadsNothingOfThis(@TempDir Path directory) throws Exception {
    Path classes = directory.resolve("classes.log");
    var configuration = world.handlers.deployed(ReplicationHandler.class, Map.of());
    world.table.put("a", "first");
    try (LambdaFunction function =
        new LambdaFunction(
            configuration.withJvmFlags(
                List.of("-Xlog:class+load:file=" + classes + ":none", "-XX:+UseSerialGC")))) {
      assertThat(payload(function.invoke("{\"Records\":[]}".getBytes(UTF_8))))
          .contains("\"batchItemFailures\":[]");
      assertThat(Files.readAllLines(classes))
          .anyMatch(line -> line.contains("dev.utsushi.lambda.ReplicationHandler"))
          .noneMatch(DeadLetterFunctionIT::isOfDeadLetters);
    }
  }

  private static boolean isOfDeadLetters(String line) {
    return line.contains("dev.utsushi.core.deadletter")
        || line.contains("software.amazon.awssdk.services.sqs")
        || line.contains("software.amazon.awssdk.services.dynamodb");
  }

  /** The replication meets an engine that is not there; each change goes to the queue. */
  private void failAll(String failures, int changes) throws Exception {
    Map<String, String> outage = Map.of("UTSUSHI_SEARCH_ENDPOINT", "http://127.0.0.1:1");
    var configuration =
        world
            .handlers
            .deployed(ReplicationHandler.class, outage)
            .withTimeout(Duration.ofSeconds(2));
    try (LambdaFunction function = new LambdaFunction(configuration);
        EventSourceMapping mapping =
            new EventSourceMapping(
                world.table.dynamoDb().streams(),
                MappingContext.of(
                        world.table.stream,
                        function,
                        EventSourceMappingSettings.defaults()
                            .withBatchSize(1)
                            .withMaximumRetryAttempts(0)
                            .withReportBatchItemFailures(true))
                    .withOnFailure(SharedServers.sqs().client(), failures))) {
      mapping.start();
      await().until(() -> mapping.counters().deliveredRecords() == changes);
    }
  }

  private String queue(String name) {
    return SharedServers.sqs()
        .client()
        .createQueue(request -> request.queueName(world.index.name() + '-' + name))
        .queueUrl();
  }

  private static List<Message> receive(String queue) {
    return SharedServers.sqs()
        .client()
        .receiveMessage(request -> request.queueUrl(queue).maxNumberOfMessages(10))
        .messages();
  }

  private static void delete(String queue, Message message) {
    SharedServers.sqs()
        .client()
        .deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));
  }

  /** As Lambda hands messages to a function. */
  private static byte[] sqsEvent(List<Message> messages) throws IOException {
    ObjectNode event = JSON.createObjectNode();
    ArrayNode records = event.putArray("Records");
    for (Message message : messages) {
      ObjectNode each = records.addObject();
      each.put("messageId", message.messageId())
          .put("receiptHandle", "handle")
          .put("body", message.body())
          .put("md5OfBody", "")
          .put("eventSource", "aws:sqs")
          .put("eventSourceARN", "arn:aws:sqs:us-east-1:0:failures")
          .put("awsRegion", "us-east-1");
      each.putObject("attributes").put("ApproximateReceiveCount", "1");
      each.putObject("messageAttributes");
    }
    return JSON.writeValueAsBytes(event);
  }

  private static ReplayReply reply(InvocationResult result) {
    ReplayReply reply = ReplayReply.parse(payload(result));
    assertThat(reply.messages()).allMatch(message -> message.origin() != null);
    assertThat(reply.messages()).extracting(ReplayReply.Message::note).containsOnlyNulls();
    return reply;
  }

  private static String payload(InvocationResult result) {
    assertThat(result).isInstanceOf(InvocationResult.Succeeded.class);
    return ((InvocationResult.Succeeded) result).payload();
  }

  private static String error(InvocationResult result) {
    assertThat(result).isInstanceOf(InvocationResult.FunctionError.class);
    return ((InvocationResult.FunctionError) result).payload();
  }

  private LambdaFunction function(Class<?> handler, Map<String, String> more) {
    return new LambdaFunction(world.handlers.deployed(handler, more));
  }
}
