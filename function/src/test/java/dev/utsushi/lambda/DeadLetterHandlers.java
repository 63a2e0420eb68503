package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.stream.RangeReader;
import dev.utsushi.stream.RecordTexts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The handlers in this JVM. A test may replace their clients. */
final class DeadLetterHandlers {
  private final StreamedTable table;
  private final LocalQueue queue;
  private final LocalIndex index;

  HttpCaller caller = new SocketCaller();
  SqsClient sqs = SharedServers.sqs().client();
  DynamoDbStreamsClient streams;
  Duration time = Duration.ofSeconds(60);

  /** Additional variables. */
  Map<String, String> more = Map.of();

  DeadLetterHandlers(StreamedTable table, LocalQueue queue, LocalIndex index) {
    this.table = table;
    this.queue = queue;
    this.index = index;
    streams = table.dynamoDb().streams();
  }

  /** Returns the variables of a deployed handler. */
  Map<String, String> environment() {
    return Map.of(
        "UTSUSHI_SEARCH_ENDPOINT",
        Engines.openSearch().endpoint().toString(),
        "UTSUSHI_SEARCH_AUTH",
        "none",
        "UTSUSHI_INDEX",
        index.name(),
        "UTSUSHI_PARTITION_KEY",
        "id",
        "UTSUSHI_TABLE_ARN",
        table.arn(),
        "UTSUSHI_DEAD_LETTER_QUEUE_URL",
        queue.url);
  }

  /** Returns the jar under the real runtime, with additional or other variables. */
  LambdaConfiguration deployed(Class<?> handler, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("AWS_ENDPOINT_URL_SQS", SharedServers.sqs().endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", table.dynamoDb().endpoint().toString());
    environment.putAll(more);
    return LambdaConfiguration.of(
            "dead-letters",
            List.of(Path.of("target/utsushi-function.jar")),
            handler.getName() + "::handleRequest")
        .withEnvironment(environment)
        .withTimeout(Duration.ofSeconds(60));
  }

  private DeadLetterSettings settings(boolean secondChance) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(more);
    environment.put("UTSUSHI_SECOND_CHANCE", Boolean.toString(secondChance));
    return Settings.readDeadLetters(environment);
  }

  /** Captures messages with these bodies; returns the positions of those to retry. */
  List<Integer> capture(boolean secondChance, String... bodies) {
    var handler =
        new CaptureHandler(
            settings(secondChance),
            Map.of(),
            caller,
            new RangeReader(streams),
            new DeadLetterQueue(sqs, queue.url));
    List<SQSMessage> messages = new ArrayList<>();
    for (int i = 0; i < bodies.length; i++) {
      SQSMessage message = new SQSMessage();
      message.setMessageId(Integer.toString(i));
      message.setBody(bodies[i]);
      messages.add(message);
    }
    SQSEvent event = new SQSEvent();
    event.setRecords(messages);
    SQSBatchResponse response = handler.handleRequest(event, new InvocationContext(time));
    return response.getBatchItemFailures().stream()
        .map(failure -> Integer.valueOf(failure.getItemIdentifier()))
        .toList();
  }

  ReplayReply replay() {
    return replay(ReplayRequest.ALL);
  }

  ReplayReply dryRun() {
    return replay(new ReplayRequest(true, 0, 0, 0));
  }

  ReplayReply replay(ReplayRequest request) {
    var handler =
        new ReplayHandler(
            settings(false),
            caller,
            new RangeReader(streams),
            new DeadLetterQueue(sqs, queue.url),
            Duration.ZERO);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try {
      handler.handleRequest(
          new ByteArrayInputStream(request.toJson().getBytes(UTF_8)),
          output,
          new InvocationContext(time));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ReplayReply.parse(output.toString(UTF_8));
  }

  /** Replicates records, as the event source mapping would. */
  void replicate(StreamedTable.Streamed... records) {
    assertThat(failures(records)).isEmpty();
  }

  /** Replicates records; returns the outcomes of those that fail. */
  List<Outcome> failures(StreamedTable.Streamed... records) {
    Log nowhere = new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());
    var flow = Assembly.replication(settings(false).replication(), new SocketCaller(), nowhere);
    var results =
        flow.replicate(
            Arrays.stream(records).map(this::streamRecord).toList(),
            Deadline.in(time, InstantSource.system()));
    return results.stream()
        .map(RecordResult::outcome)
        .filter(outcome -> !outcome.isProcessed())
        .toList();
  }

  private StreamRecord streamRecord(StreamedTable.Streamed streamed) {
    return RecordJson.read(RecordTexts.of(streamed.streamRecord(), table.stream));
  }
}
