package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.deadletter.CapturedMessage;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.index.FaultyCaller;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.stream.RangeReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * A random part of random histories fails and is sent to the dead-letter queue, in random batches,
 * some of them twice. Two replays at once, in whatever order the queue gives, beside the changes
 * that did not fail, over a faulty line; and all of it once more: in the end readers see exactly
 * the table.
 *
 * <p>A failure names its seed; {@code -Dutsushi.seed=…} brings it back.
 */
final class DeadLetterConvergenceIT {
  private static final int HISTORIES = 40;
  private static final String TABLE = "arn:aws:dynamodb:us-east-1:0:table/t";

  private final long seed = Long.getLong("utsushi.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final String index = "dead-convergence-" + Long.toUnsignedString(seed);
  private final String queueUrl =
      SharedServers.sqs()
          .client()
          .createQueue(request -> request.queueName("convergence"))
          .queueUrl();

  @Test
  void readersSeeTheTable() throws Exception {
    System.out.println("DeadLetterConvergenceIT with seed " + seed);
    Map<String, JsonNode> expected = new HashMap<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < HISTORIES; i++) {
        History history = History.random(random, i);
        bring(history, executor);
        expected.putAll(history.table());
      }
    }
    Map<String, JsonNode> found = new EngineIndex(Engines.openSearch().endpoint(), index).found();
    assertThat(found.keySet()).as("ids, seed %d", seed).isEqualTo(expected.keySet());
    expected.forEach(
        (id, item) ->
            assertThat(Item.of(found.get(id))).as("%s, seed %d", id, seed).isEqualTo(item));
  }

  private void bring(History history, ExecutorService executor) throws Exception {
    List<DynamodbStreamRecord> live = new ArrayList<>();
    List<DynamodbStreamRecord> failed = new ArrayList<>();
    history.streamRecords().forEach(each -> (random.nextBoolean() ? live : failed).add(each));
    List<String> bodies = bodies(failed);
    DeadLetterSettings settings = settings(history);
    send(bodies);
    List<Callable<Integer>> tasks =
        List.of(
            () -> deliver(settings, live), () -> replayAll(settings), () -> replayAll(settings));
    for (var task : executor.invokeAll(tasks)) {
      assertThat(task.get()).as("kept, seed %d", seed).isZero();
    }
    send(bodies);
    assertThat(replayAll(settings)).isZero();
  }

  /** Messages as capture writes them: random batches of neighbours, of one stream each. */
  private List<String> bodies(List<DynamodbStreamRecord> failed) {
    List<String> bodies = new ArrayList<>();
    for (var ofStream :
        failed.stream().collect(groupingBy(DynamodbStreamRecord::getEventSourceARN)).values()) {
      List<DynamodbStreamRecord> left = new ArrayList<>(ofStream);
      left.sort(Comparator.comparing(DeadLetterConvergenceIT::number, StreamRange::compare));
      while (!left.isEmpty()) {
        List<DynamodbStreamRecord> batch =
            left.subList(0, 1 + random.nextInt(Math.min(4, left.size())));
        bodies.add(body(batch));
        batch.clear();
      }
    }
    return bodies;
  }

  private static String number(DynamodbStreamRecord streamRecord) {
    return streamRecord.getDynamodb().getSequenceNumber();
  }

  private static String body(List<DynamodbStreamRecord> batch) {
    var failure =
        Failures.of(
            batch.getFirst().getEventSourceARN(),
            "shardId-1",
            number(batch.getFirst()),
            number(batch.getLast()),
            batch.size());
    String body = CapturedMessage.write(failure, Instant.now(), null, json(batch)).getFirst();
    assertThat(DeadLetter.parse(body, Set.of(TABLE))).isInstanceOf(DeadLetter.Captured.class);
    return body;
  }

  /** As Lambda's own serializer writes them. */
  private static List<StreamRecord> json(List<DynamodbStreamRecord> batch) {
    DynamodbEvent event = new DynamodbEvent();
    event.setRecords(List.copyOf(batch));
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    LambdaEventSerializers.serializerFor(
            DynamodbEvent.class, DeadLetterConvergenceIT.class.getClassLoader())
        .toJson(event, json);
    return DeadLetterJson.parse(json.toString(UTF_8))
        .path("Records")
        .valueStream()
        .map(each -> RecordJson.read(each.toString()))
        .toList();
  }

  private void send(List<String> bodies) {
    List<String> messages = new ArrayList<>(bodies);
    bodies.stream().filter(_ -> random.nextInt(3) == 0).forEach(messages::add);
    Collections.shuffle(messages, random);
    for (String body : messages) {
      SharedServers.sqs()
          .client()
          .sendMessage(request -> request.queueUrl(queueUrl).messageBody(body));
    }
  }

  private int deliver(DeadLetterSettings settings, List<DynamodbStreamRecord> live) {
    Log nowhere = new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());
    Replication flow = Assembly.replication(settings.replication(), line(), nowhere);
    List<DynamodbStreamRecord> shuffled = new ArrayList<>(live);
    Collections.shuffle(shuffled, random);
    int left = 0;
    for (DynamodbStreamRecord each : shuffled) {
      Deadline deadline = Deadline.in(Duration.ofSeconds(30), InstantSource.system());
      left +=
          ReplicationHandler.replicate(flow, List.of(each), deadline).getBatchItemFailures().size();
    }
    return left;
  }

  /** How many messages were kept. */
  private int replayAll(DeadLetterSettings settings) throws Exception {
    var handler =
        new ReplayHandler(
            settings,
            line(),
            new RangeReader(SharedServers.dynamoDb().streams()),
            new DeadLetterQueue(SharedServers.sqs().client(), queueUrl),
            Duration.ZERO);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream("{}".getBytes(UTF_8)),
        output,
        new InvocationContext(Duration.ofSeconds(60)));
    return ReplayReply.parse(output.toString(UTF_8)).totals().kept();
  }

  private HttpCaller line() {
    return new FaultyCaller(new SocketCaller(), random, 0.1);
  }

  private DeadLetterSettings settings(History history) {
    Map<String, String> environment = new HashMap<>(history.keySchema());
    environment.put("UTSUSHI_SEARCH_ENDPOINT", Engines.openSearch().endpoint().toString());
    environment.put("UTSUSHI_SEARCH_AUTH", "none");
    environment.put("UTSUSHI_INDEX", index);
    environment.put("UTSUSHI_TABLE_ARN", TABLE);
    environment.put("UTSUSHI_DEAD_LETTER_QUEUE_URL", queueUrl);
    return Settings.readDeadLetters(environment);
  }
}
