package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.cli.DlqWorld.Ran;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/** Messages of every kind, through the dlq commands. */
class DlqMessagesIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path shared;

  @SuppressWarnings("NullAway.Init") // JUnit fills it
  private static DlqWorld world;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws InterruptedException {
    world = new DlqWorld(shared, Duration.ofSeconds(60));
    world.put("first", 1);
    world.awaitQuiet();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void emptyQueue() {
    world.dlq("purge --yes --export " + directory.resolve("before.jsonl"));
    assertThat(world.messages()).isZero();
  }

  @Test
  void anEmptyQueueSaysSo() {
    for (String command : List.of("list", "show")) {
      Ran ran = world.dlq(command);
      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out())
          .isEqualTo(
              "No dead letters: the queue of deals (stack utsushi-local, us-east-1) is empty."
                  + System.lineSeparator());
    }
    assertThat(world.dlq("list --json").json().path("messages")).isEmpty();
    Ran replay = world.dlq("replay");
    assertThat(replay.exitCode()).isZero();
    assertThat(replay.out()).contains("Nothing to replay: the queue is empty.");
    assertThat(replay.out()).doesNotContain("0 of 0");
    Ran show = world.dlq("show 12345678");
    assertThat(show.exitCode()).isEqualTo(2);
    assertThat(show.err())
        .contains("no message id begins with 12345678: the queue shows no messages");
  }

  @Test
  void aReferenceIsReadFromTheStreamAndReplayedAndItsDuplicateCountsOnce() throws Exception {
    world.put("referred", 5);
    world.awaitQuiet();
    String body = reference(recordOf("referred"), Instant.now());
    String id = world.send(body);
    String doubled = world.send(body);

    JsonNode listed = world.dlq("list --json").json();
    assertThat(listed.path("messages")).hasSize(1);
    assertThat(listed.at("/totals/doubles").asInt()).isEqualTo(1);
    assertThat(listed.at("/totals/reference").asInt()).isEqualTo(1);
    assertThat(listed.at("/messages/0/secondsLeft").asLong()).isBetween(86_000L, 86_400L);
    assertThat(world.dlq("list").out()).contains("1 duplicate not counted");
    Ran shown = world.dlq("show " + doubled.substring(0, 9));
    assertThat(shown.out()).contains("referred", "INSERT", id, doubled);

    Ran replay = world.dlq("replay --json");
    assertThat(replay.exitCode()).isZero();
    assertThat(replay.json().at("/totals/superseded").asInt()).isEqualTo(1);
    assertThat(world.messages()).isZero();
  }

  @Test
  void whatTheFilterLeavesOutOfAReferenceIsCountedAndNotShown() throws Exception {
    world.put("shown", 1);
    world.put("hidden", 2);
    world.awaitQuiet();
    String range = reference(recordOf("shown"), recordOf("hidden"), 2, Instant.now());
    String id = world.send(range);

    JsonNode shown = world.dlq("show --json").json().at("/messages/0");
    assertThat(shown.path("recordsAre").asText()).isEqualTo("IN_STREAM");
    assertThat(shown.path("filtered").asInt()).isEqualTo(1);
    assertThat(shown.path("records")).hasSize(1);
    assertThat(shown.at("/records/0/id").asText()).isEqualTo("shown");
    assertThat(world.dlq("show " + id).out())
        .contains("1 record not listed: the stream's filter patterns leave it out")
        .doesNotContain("hidden");

    JsonNode replayed = world.dlq("replay --json").json();
    assertThat(replayed.at("/totals/filtered").asInt()).isEqualTo(1);
    assertThat(world.messages()).isZero();
  }

  @Test
  void whatCannotBeReplayedStaysAndIsReported() throws Exception {
    world.send("{\"hello\":\"world\"}");
    world.send("neither JSON nor anything");
    world.send(
        reference(recordOf("first"), Instant.now().minus(Duration.ofHours(30)))
            .replaceAll("shardId-[^\"]*", "shardId-00000000000000000000-gone"));

    Ran list = world.dlq("list");
    assertThat(list.exitCode()).isZero();
    assertThat(list.out()).contains("foreign", "malformed", "expired", "purge");
    Ran show = world.dlq("show");
    assertThat(show.out()).contains("write the items that changed about then again");
    assertThat(show.out()).doesNotContain("hello", "neither JSON");

    for (String dry : List.of(" --dry-run", "")) {
      Ran replay = world.dlq("replay" + dry);
      assertThat(replay.exitCode()).isEqualTo(1);
      assertThat(replay.out()).contains("foreign", "malformed", "expired", "->");
      assertThat(world.messages()).isEqualTo(3);
    }
    JsonNode reply = world.dlq("replay --json").json();
    assertThat(reply.path("left").asInt()).isEqualTo(3);
    assertThat(reply.at("/totals/expired").asInt()).isEqualTo(1);
    assertThat(reply.at("/totals/kept").asInt()).isEqualTo(3);
  }

  @Test
  void whatTheEngineRejectsStaysUntilTheCauseIsFixed() throws Exception {
    world.send(reference(recordOf("first"), Instant.now()));
    // The replay function has set up its index by now and does not check it again.
    assertThat(world.dlq("replay").exitCode()).isZero();
    alias("remove", "\"index\":\"deals-*\"");
    world.put("refused", 9);
    DlqWorld.await(() -> world.messages() == 1);

    assertThat(world.dlq("replay --dry-run").out())
        .contains("can't be told", "Add it again: PUT /deals-000001/_alias/deals-write")
        .doesNotContain("nothing  ");
    Ran refused = world.dlq("replay");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out())
        .contains("1 message, 1 record: 1 rejected. 0 deleted, 1 kept.")
        .contains("1 message: rejected: ", "refused", "the write alias is missing");
    assertThat(world.messages()).isEqualTo(1);

    alias("add", "\"is_write_index\":true,\"index\":\"deals-000001\"");
    assertThat(world.dlq("replay").exitCode()).isZero();
    assertThat(world.compare().differences()).isEmpty();
  }

  private static void alias(String action, String more) throws InterruptedException {
    world
        .search()
        .send(
            "POST",
            "/_aliases",
            "{\"actions\":[{\"%s\":{%s,\"alias\":\"deals-write\"}}]}".formatted(action, more));
  }

  @Test
  void olderThanLeavesNewerMessages() throws Exception {
    world.send(reference(recordOf("first"), Instant.now()));
    Ran replay = world.dlq("replay --older-than 1h");
    assertThat(replay.exitCode()).isEqualTo(1);
    assertThat(replay.out()).contains("About 1 message in the queue was not replayed");
    assertThat(world.messages()).isEqualTo(1);
    assertThat(world.dlq("replay --max 1").exitCode()).isZero();
  }

  @Test
  void purgeExportsWhatItDeletesAndNothingElse() throws Exception {
    Set<String> bodies = new TreeSet<>(Set.of("one", "two", "{\"three\":3}"));
    List<String> ids = new ArrayList<>();
    bodies.forEach(body -> ids.add(world.send(body)));
    String keep = world.send("keep me");

    assertThat(answered("no", "purge").exitCode()).isEqualTo(1);
    assertThat(world.messages()).isEqualTo(4);
    assertThat(world.dlq("purge --yes nobody").exitCode()).isEqualTo(2);
    assertThat(world.messages()).isEqualTo(4);

    Path file = directory.resolve("given-up.jsonl");
    Ran ran = answered("deals", "purge --export " + file + ' ' + String.join(" ", ids));
    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out()).contains("This deletes 3 messages").contains("3 messages are deleted");
    assertThat(bodiesIn(file)).isEqualTo(bodies);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(world.dlq("list --json").json().at("/messages/0/messageId").asText())
        .isEqualTo(keep);

    assertThat(world.dlq("purge --yes --export " + file).exitCode()).isEqualTo(2);
    assertThat(world.messages()).isEqualTo(1);
    Path rest = directory.resolve("rest.jsonl");
    JsonNode purged = world.dlq("purge --yes --json --export " + rest).json();
    assertThat(purged.path("deleted").asInt()).isEqualTo(1);
    assertThat(purged.path("left").asInt()).isZero();
    assertThat(bodiesIn(Path.of(purged.path("export").asText()))).containsExactly("keep me");
    assertThat(world.messages()).isZero();
  }

  @Test
  void restoreSendsWhatPurgeExported() throws Exception {
    Set<String> bodies = new TreeSet<>(Set.of("one", "{\"two\":2}"));
    bodies.forEach(world::send);
    Path file = directory.resolve("all.jsonl");
    assertThat(world.dlq("purge --yes --export " + file).exitCode()).isZero();
    assertThat(world.messages()).isZero();

    Path damaged = directory.resolve("damaged.jsonl");
    Files.writeString(damaged, Files.readString(file) + "{\"no\":1}\n");
    Ran refused = world.dlq("restore " + damaged);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("line 3 of", "nothing was sent");
    assertThat(world.messages()).isZero();

    Ran restored = world.dlq("restore " + file);
    assertThat(restored.exitCode()).as(restored.err()).isZero();
    assertThat(restored.out()).contains("2 messages are in the queue of deals");
    Path again = directory.resolve("again.jsonl");
    assertThat(world.dlq("purge --yes --export " + again).exitCode()).isZero();
    assertThat(bodiesIn(again)).isEqualTo(bodies);
  }

  @Test
  void ctrlCAtAQuestionEndsItAtOnce() throws Exception {
    world.send("one");
    try (var purge = new LaunchedCommand("dlq", "purge", "--local=" + world.endpoints())) {
      purge.awaitLine("Type .*");
      purge.interrupt();
      assertThat(purge.exitCode()).isEqualTo(130);
      assertThat(purge.lines()).noneMatch(line -> line.contains("could not be stopped in time"));
    }
    assertThat(world.messages()).isEqualTo(1);
    assertThat(world.dlq("purge --yes --export " + directory.resolve("one.jsonl")).exitCode())
        .isZero();
  }

  private static Set<String> bodiesIn(Path file) throws IOException {
    Set<String> bodies = new TreeSet<>();
    for (String line : Files.readAllLines(file)) {
      bodies.add(JSON.readTree(line).path("body").asText());
    }
    return bodies;
  }

  private static Ran answered(String answer, String arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((answer + '\n').getBytes(StandardCharsets.UTF_8)));
    try {
      return world.dlq(arguments);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void wrongUsageIsOneLine() {
    Ran stream = world.dlq("list --stream others");
    assertThat(stream.exitCode()).isEqualTo(2);
    assertThat(stream.err())
        .isEqualTo(
            "utsushi dlq list: stack utsushi-local has no stream to others; --stream takes one of"
                + " deals"
                + System.lineSeparator());
    Ran nothing = DlqWorld.run("dlq list --local=" + directory.resolve("none.json"));
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err().lines()).hasSize(1);
    assertThat(nothing.err()).contains("no local AWS is running here", "utsushi demo --keep");
  }

  /** Lambda's message about one record. */
  private static String reference(Record of, Instant arrived) {
    return reference(of, of, 1, arrived);
  }

  /** Lambda's message about the records from one to another. */
  private static String reference(Record from, Record to, int records, Instant arrived) {
    return """
    {"requestContext":{"requestId":"r","functionArn":"arn:aws:lambda:us-east-1:0:function:f",\
    "condition":"RetryAttemptsExhausted","approximateInvokeCount":4},\
    "responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":null},\
    "version":"1.0","timestamp":"%s","DDBStreamBatchInfo":{"shardId":"%s",\
    "startSequenceNumber":"%s","endSequenceNumber":"%s",\
    "approximateArrivalOfFirstRecord":"%s","approximateArrivalOfLastRecord":"%s",\
    "batchSize":%d,"streamArn":"%s"}}\
    """
        .formatted(
            arrived,
            shardId(),
            from.dynamodb().sequenceNumber(),
            to.dynamodb().sequenceNumber(),
            arrived,
            arrived,
            records,
            world.streamArn());
  }

  private static String shardId() {
    return world
        .aws()
        .dynamoDb()
        .streams()
        .describeStream(request -> request.streamArn(world.streamArn()))
        .streamDescription()
        .shards()
        .getFirst()
        .shardId();
  }

  private static Record recordOf(String deal) {
    var streams = world.aws().dynamoDb().streams();
    String iterator =
        streams
            .getShardIterator(
                request ->
                    request
                        .streamArn(world.streamArn())
                        .shardId(shardId())
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    return streams.getRecords(request -> request.shardIterator(iterator)).records().stream()
        .filter(each -> fromS(deal).equals(each.dynamodb().keys().get("deal")))
        .findFirst()
        .orElseThrow();
  }
}
