package dev.utsushi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.faults.history.CheckpointObserver;
import dev.utsushi.faults.history.DeliveryObserver;
import dev.utsushi.faults.history.EngineObserver;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.Operation.TableWrite;
import dev.utsushi.faults.history.QueueObserver;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A history that a test makes up: the real observers see what no pipeline is there to show. */
public final class Observations {
  public static final String INDEX = "chaos-activity-logs";
  public static final String CREATED = "created";
  public static final String UPDATED = "updated";
  public static final String NOOP = "noop";

  private static final String STREAM =
      "arn:aws:dynamodb:us-east-1:1:table/chaos-activity-logs/stream/2026-11-21T00:00:00.000";

  /** When everything is observed that comes now. */
  public Instant now = Instant.EPOCH;

  public final History history = new History(() -> now, _ -> {});
  public final EngineObserver engine = new EngineObserver(history);
  private final DeliveryObserver deliveries = new DeliveryObserver(history);
  private final QueueObserver queue = new QueueObserver(history, _ -> {});
  private final CheckpointObserver checkpoints = new CheckpointObserver(history);
  private long requests;

  public static StreamChange put(ItemName item, int sequenceNumber) {
    return put(item, sequenceNumber, Map.of("write", Integer.toString(sequenceNumber)));
  }

  /** What the table has since before its stream. */
  public static StreamChange before(ItemName item) {
    return new StreamChange(StreamChange.BACKFILL, item, false, item.key());
  }

  public static StreamChange poison(ItemName item, int sequenceNumber) {
    return put(item, sequenceNumber, Map.of(StreamChange.POISON, "x"));
  }

  public static StreamChange removal(ItemName item, int sequenceNumber) {
    return new StreamChange(version(sequenceNumber), item, true, Map.of());
  }

  public static StreamChange put(
      ItemName item, int sequenceNumber, Map<String, String> attributes) {
    Map<String, AttributeValue> image = item.key();
    attributes.forEach((name, text) -> image.put(name, AttributeValue.fromS(text)));
    return new StreamChange(version(sequenceNumber), item, false, image);
  }

  private static String version(int sequenceNumber) {
    return "2026-11-21T00:00:00.000/%040d".formatted(sequenceNumber);
  }

  private static String sequenceNumber(StreamChange change) {
    return change.version().substring(change.version().indexOf('/') + 1).replaceFirst("^0+", "");
  }

  /** A bulk request is sent to the engine. */
  public Request forward(StreamChange... changes) {
    return forward(false, false, changes);
  }

  /** The same, as part of the search for what the mapping accepts. */
  public Request refine(StreamChange... changes) {
    return forward(true, false, changes);
  }

  /** The same, as the first write of such a search. */
  public Request startSearch(StreamChange... changes) {
    return forward(false, true, changes);
  }

  private Request forward(boolean refines, boolean unsettled, StreamChange... changes) {
    String body =
        Stream.of(changes)
            .peek(change -> history.append(new TableWrite(change.item(), "put")))
            .map(change -> bulkLines(change, refines, unsettled))
            .collect(Collectors.joining());
    var request = new Request(++requests, "POST", "/" + INDEX + "-write/_bulk?x", body);
    engine.forwarding(request);
    return request;
  }

  /** A bulk request of one write is sent to an index, of a document or a tombstone. */
  public Request forward(String index, StreamChange change, boolean tombstone) {
    history.append(new TableWrite(change.item(), "put"));
    var written = new StreamChange(change.version(), change.item(), tombstone, Map.of());
    String body =
        bulkLines(written, false, false)
            .replace("{\"_id\"", "{\"_index\":\"%s-write\",\"_id\"".formatted(index));
    var request = new Request(++requests, "POST", "/" + INDEX + "-write/_bulk", body);
    engine.forwarding(request);
    return request;
  }

  private static String bulkLines(StreamChange change, boolean refines, boolean unsettled) {
    return """
    {"update":{"_id":"%s"}}
    {"script":{"params":{"refines":%s,"document":{"_replication":\
    {"version":"%s","unsettled":%s,"deleted":%s}}}}}
    """
        .formatted(
            change.item().documentId(), refines, change.version(), unsettled, change.removal());
  }

  /** The engine replies, and the function receives the reply. */
  public void reply(Request request, String... results) {
    engine.replied(request, items(200, results), true);
  }

  /** The engine replies, and the function never receives the reply. */
  public void loseReply(Request request, String... results) {
    engine.replied(request, items(200, results), false);
  }

  /** The engine refuses the writes. */
  public void refuse(Request request, int status) {
    engine.replied(request, items(status, ""), true);
  }

  private static Reply items(int status, String... results) {
    String items =
        Stream.of(results)
            .map(
                result ->
                    "{\"update\":{\"status\":%d,\"result\":\"%s\"}}".formatted(status, result))
            .collect(Collectors.joining(","));
    return new Reply(200, "{\"items\":[" + items + "]}");
  }

  /** Records are delivered, and the function reports all of them as done. */
  public void acknowledge(Source source, StreamChange... changes) {
    deliver(source, new InvocationResult.Succeeded("request", "{}"), changes);
  }

  /** Records are delivered, and the function reports this one as failed. */
  public void fail(StreamChange failed, StreamChange... changes) {
    String reply =
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"%s\"}]}".formatted(sequenceNumber(failed));
    deliver(Source.MAPPING, new InvocationResult.Succeeded("request", reply), changes);
  }

  /** Records are delivered, and the invocation ends like this. */
  public void deliver(Source source, InvocationResult result, StreamChange... changes) {
    var function =
        new Invocable() {
          @Override
          public InvocationResult invoke(byte[] payload) {
            return result;
          }

          @Override
          public String arn() {
            return "arn";
          }
        };
    try {
      var _ = deliveries.deliver(event(changes), source, function);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] event(StreamChange... changes) {
    return Stream.of(changes)
        .map(
            change ->
                """
                {"eventSourceARN":"%s","dynamodb":{"SequenceNumber":"%s",
                 "Keys":{"dealId":{"S":"%s"},"actionKey":{"S":"%s"}}}}\
                """
                    .formatted(
                        STREAM,
                        sequenceNumber(change),
                        change.item().deal(),
                        change.item().action()))
        .collect(Collectors.joining(",", "{\"Records\":[", "]}"))
        .getBytes(UTF_8);
  }

  /** A change is replicated. */
  public void replicate(StreamChange change) {
    reply(forward(change), UPDATED);
    acknowledge(Source.MAPPING, change);
  }

  /** A change fails and is given up. */
  public void giveUp(StreamChange change) {
    fail(change, change);
    deadLetter(change, change, 1);
  }

  /** The mapping sends a message about these records to the failure queue. */
  public void deadLetter(StreamChange first, StreamChange last, int batchSize) {
    String message =
        """
        {"DDBStreamBatchInfo":{"streamArn":"%s","shardId":"shard-1","batchSize":%d,
         "startSequenceNumber":"%s","endSequenceNumber":"%s"}}
        """
            .formatted(STREAM, batchSize, sequenceNumber(first), sequenceNumber(last));
    queue.sent(message);
  }

  /** A stream worker notes that a shard is settled up to this change. */
  public void checkpoint(String shard, StreamChange last) {
    noteCheckpoint(shard, sequenceNumber(last));
  }

  /** A stream worker notes this about a shard. */
  public void noteCheckpoint(String shard, String noted) {
    String body =
        """
        {"TableName":"utsushi-leases","Key":{"leaseKey":{"S":"%s"}},
         "AttributeUpdates":{"checkpoint":{"Value":{"S":"%s"},"Action":"PUT"}}}
        """
            .formatted(shard, noted);
    String head = "POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.UpdateItem\r\n";
    checkpoints.forwarding(new Request(++requests, "POST", "/", body, head));
  }

  /** What a violation calls the message about these records. */
  public static String range(StreamChange first, StreamChange last) {
    return "shard-1 " + first.version() + " to " + last.version();
  }
}
