package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.local.template.RunningTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;

/** What a stack must do once it runs; each check fails by an AssertionError. */
final class ReplicationChecks implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final RunningTemplate running;
  private final Condition tooLate;

  ReplicationChecks(RunningTemplate running) {
    this(running, () -> false);
  }

  /**
   * Checks what is expected to fail.
   *
   * @param tooLate holds once that which does not come would have come
   */
  ReplicationChecks(RunningTemplate running, Condition tooLate) {
    this.running = running;
    this.tooLate = tooLate;
  }

  RunningTemplate running() {
    return running;
  }

  /** The mapping of a stream, told by the stream's part of the stack. */
  RunningTemplate.Mapping mapping(String stream) {
    return running.parts(RunningTemplate.Mapping.class).stream()
        .filter(mapping -> mapping.logicalId().startsWith(stream))
        .findFirst()
        .orElseThrow();
  }

  void factors(Map<String, Integer> expected) {
    expected.forEach(
        (stream, factor) ->
            assertThat(mapping(stream).settings().parallelizationFactor())
                .as("factor of " + stream)
                .isEqualTo(factor));
  }

  void aChangeReachesTheIndex(String stream) throws Exception {
    isInTheIndex(stream, put(stream));
  }

  /** A record that is refused: its index is taken away from under the write alias. */
  String aRefusedRecordIsCapturedAfterFourAttempts(String stream) throws Exception {
    String first = put(stream);
    await("a first document in " + stream, () -> false, () -> search(stream, first) == 1);
    // A document can be found before the invocation that wrote it has come back and is counted.
    await("an end of the first", () -> false, () -> isSettled(stream));
    long before = mapping(stream).running().counters().invocations();

    String id = putWithoutAnAlias(stream);

    JsonNode captured = JSON.readTree(receive(stream).body());
    assertThat(captured.at("/records/0/dynamodb/Keys/id/S").asText()).isEqualTo(id);
    JsonNode message = captured.path("failure");
    assertThat(message.at("/requestContext/condition").asText())
        .isEqualTo("RetryAttemptsExhausted");
    assertThat(message.at("/requestContext/approximateInvokeCount").asInt()).isEqualTo(4);
    assertThat(message.at("/DDBStreamBatchInfo/streamArn").asText())
        .isEqualTo(mapping(stream).source().streamArn());
    assertThat(mapping(stream).running().counters().invocations() - before).isEqualTo(4);
    return id;
  }

  /** Whether a message came to capture, and what it made of it is done. */
  boolean isCaptured(String stream) {
    var counters = captureMapping(stream).running().counters();
    long done = counters.deletedMessages() + counters.returnedMessages();
    return done > 0 && done == counters.receivedMessages();
  }

  RunningTemplate.QueueMapping captureMapping(String stream) {
    return running.parts(RunningTemplate.QueueMapping.class).stream()
        .filter(mapping -> mapping.logicalId().startsWith(stream + "Capture"))
        .findFirst()
        .orElseThrow();
  }

  /** Whether something came, and all that came has been counted. */
  boolean isSettled(String stream) {
    var counters = mapping(stream).running().counters();
    return counters.polledRecords() > 0 && counters.unsettledRecords() == 0;
  }

  /** A change that is refused, since the index has no write alias. */
  String putWithoutAnAlias(String stream) throws IOException, InterruptedException {
    send("DELETE", writeAlias(stream), "");
    return put(stream);
  }

  void restoreAlias(String stream) throws IOException, InterruptedException {
    send("PUT", writeAlias(stream), "{\"is_write_index\":true}");
  }

  private static String writeAlias(String stream) {
    return "/" + stream + "-000001/_alias/" + stream + "-write";
  }

  void isInTheIndex(String stream, String id) throws Exception {
    await("a document in " + stream, () -> search(stream, id) == 1);
  }

  /** The dead-letter queue that the stack has for this stream, whatever anything in it says. */
  private Message receive(String stream) throws Exception {
    String url = queueUrl(running, stream + "DeadLetters");
    var sqs = running.aws().sqs().client();
    List<Message> received = new ArrayList<>();
    await(
        "a message in the queue of " + stream,
        () ->
            received.addAll(
                sqs.receiveMessage(request -> request.queueUrl(url).visibilityTimeout(0))
                    .messages()));
    return received.getFirst();
  }

  static String queueUrl(RunningTemplate running, String prefix) {
    return running.parts(RunningTemplate.Queue.class).stream()
        .filter(queue -> queue.logicalId().startsWith(prefix))
        .findFirst()
        .orElseThrow()
        .url();
  }

  /** Writes until so many of the stream's environments have run; it may never have more. */
  void runsInAsManyEnvironmentsAsItsFactor(String stream) throws Exception {
    int factor = mapping(stream).settings().parallelizationFactor();
    await(
        factor + " environments of " + stream,
        () -> {
          for (int i = 0; i < 4 * factor; i++) {
            put(stream);
          }
          return environments(stream) == factor;
        });
    await("an end of it", () -> isSettled(stream));
    assertThat(environments(stream)).isEqualTo(factor);
  }

  private int environments(String stream) {
    return mapping(stream).function().function().environments().size();
  }

  String put(String stream) {
    String id = UUID.randomUUID().toString();
    String table = mapping(stream).source().table().orElseThrow().name();
    running
        .aws()
        .dynamoDb()
        .client()
        .putItem(request -> request.tableName(table).item(Map.of("id", AttributeValue.fromS(id))));
    return id;
  }

  private int search(String alias, String id) throws IOException, InterruptedException {
    var _ = send("POST", "/" + alias + "-write/_refresh", "");
    JsonNode found =
        send("POST", "/" + alias + "/_search", "{\"query\":{\"term\":{\"id\":\"" + id + "\"}}}");
    return found.at("/hits/total/value").asInt();
  }

  private JsonNode send(String method, String path, String body)
      throws IOException, InterruptedException {
    URI uri = running.aws().search().endpoint().resolve(path);
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofByteArray());
    return JSON.readTree(response.body());
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  void await(String what, Condition condition) throws Exception {
    await(what, tooLate, condition);
  }

  private void await(String what, Condition tooLate, Condition condition) throws Exception {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      // In this order: what came before the sign is seen.
      boolean last = tooLate.holds() || System.nanoTime() > giveUpAt;
      if (condition.holds()) {
        return;
      }
      assertThat(last).as("no %s; %s", what, running.problems()).isFalse();
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
