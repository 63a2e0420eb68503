package dev.utsushi.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.cli.chaos.Delivery.Source;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.proxy.FaultProxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Those who watch a run, told by hand what a pipeline would let them see. */
final class Witnesses {
  static final String STREAM =
      "arn:aws:dynamodb:us-east-1:1:table/chaos_action_logs/stream/2026-11-21T00:00:00.000";
  static final String SHARD = "shard-1";
  static final String CREATED = "created";
  static final String UPDATED = "updated";
  static final String NOOP = "noop";

  final Journal journal = new Journal(InstantSource.fixed(Instant.EPOCH), _ -> {});
  final Findings findings = new Findings(journal);
  final ItemNames names = new ItemNames();
  final EngineWrites engine = new EngineWrites(names, journal, findings);
  final Accounts accounts = new Accounts(engine, journal, findings);
  private long requests;
  private long deliveries;

  static Change put(ItemName item, int sequenceNumber) {
    return change(item, sequenceNumber, Map.of("write", Integer.toString(sequenceNumber)));
  }

  static Change poison(ItemName item, int sequenceNumber) {
    return change(item, sequenceNumber, Map.of(ChaosTable.POISON, "x"));
  }

  static Change removal(ItemName item, int sequenceNumber) {
    String number = Integer.toString(sequenceNumber);
    return new Change(STREAM, SHARD, number, Change.version(STREAM, number), item, true, Map.of());
  }

  private static Change change(ItemName item, int sequenceNumber, Map<String, String> texts) {
    String number = Integer.toString(sequenceNumber);
    Map<String, AttributeValue> image = Workload.key(item.deal(), item.action());
    texts.forEach((name, text) -> image.put(name, AttributeValue.fromS(text)));
    return new Change(STREAM, SHARD, number, Change.version(STREAM, number), item, false, image);
  }

  List<String> found() {
    return findings.all().stream().map(Finding::what).toList();
  }

  /** A bulk request has left for the engine. */
  FaultProxy.Request forward(Change... changes) {
    return forward(false, changes);
  }

  /** The same, as a try of the search for what fits the mapping. */
  FaultProxy.Request refine(Change... changes) {
    return forward(true, changes);
  }

  private FaultProxy.Request forward(boolean refines, Change... changes) {
    String body =
        Stream.of(changes)
            .peek(change -> names.add(change.item()))
            .map(change -> bulkLines(change, refines))
            .collect(Collectors.joining());
    var request = new FaultProxy.Request(++requests, "POST", "/_bulk", body);
    engine.forwarding(request);
    return request;
  }

  private static String bulkLines(Change change, boolean refines) {
    return """
    {"update":{"_id":"%s"}}
    {"script":{"params":{"refines":%s,"document":{"_replication":{"version":"%s","deleted":%s}}}}}
    """
        .formatted(change.item().documentId(), refines, change.version(), change.removal());
  }

  /** The engine has answered, and the function has the answer. */
  void answer(FaultProxy.Request request, String... results) {
    engine.replied(request, reply(200, results), true);
  }

  /** The engine has answered, and the function never hears of it. */
  void loseAnswer(FaultProxy.Request request, String... results) {
    engine.replied(request, reply(200, results), false);
  }

  /** The engine refuses each of the writes. */
  void refuse(FaultProxy.Request request, int status) {
    engine.replied(request, reply(status, ""), true);
  }

  private static FaultProxy.Reply reply(int status, String... results) {
    String items =
        Stream.of(results)
            .map(
                result ->
                    "{\"update\":{\"status\":%d,\"result\":\"%s\"}}".formatted(status, result))
            .collect(Collectors.joining(","));
    return new FaultProxy.Reply(200, "{\"items\":[" + items + "]}");
  }

  /** Records have been brought to the function. */
  Delivery bring(Source source, Change... changes) {
    var delivery = Delivery.of(++deliveries, source, event(changes).getBytes(UTF_8));
    accounts.begun(delivery);
    return delivery;
  }

  private static String event(Change... changes) {
    return Stream.of(changes)
        .map(
            change ->
                """
                {"eventSourceARN":"%s","dynamodb":{"SequenceNumber":"%s",
                 "Keys":{"dealId":{"S":"%s"},"actionKey":{"S":"%s"}}}}\
                """
                    .formatted(
                        STREAM,
                        change.sequenceNumber(),
                        change.item().deal(),
                        change.item().action()))
        .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
  }

  /** The function says that all is done. */
  void acknowledge(Delivery delivery) {
    accounts.ended(delivery, new InvocationResult.Succeeded("request", "{}"));
  }

  /** The function says that this one failed, and so all from it on. */
  void report(Delivery delivery, Change failed) {
    String reply =
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"%s\"}]}".formatted(failed.sequenceNumber());
    accounts.ended(delivery, new InvocationResult.Succeeded("request", reply));
  }

  /** A change goes its whole way. */
  void replicate(Change change) {
    answer(forward(change), UPDATED);
    acknowledge(bring(Source.MAPPING, change));
  }

  /** A change fails until it is given up. */
  void park(Change change) {
    report(bring(Source.MAPPING, change), change);
    accounts.parked(range(change, change, 1));
  }

  static ParkedRange range(Change first, Change last, int batchSize) {
    return new ParkedRange(STREAM, SHARD, first.version(), last.version(), batchSize);
  }
}
