package dev.utsushi.faults.nemesis;

import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.StreamWorker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Two workers on the Kinesis Client Library. Whatever ends one starts another, as a service of
 * Fargate does.
 *
 * @see <a href="https://docs.aws.amazon.com/streams/latest/dev/kcl-dynamoDB.html">The lease
 *     table</a>
 */
public final class StreamWorkers implements StreamConsumer {
  private static final int WORKERS = 2;
  private static final int MOST_PAST_LEASES = 20;
  private static final String LEASE_KEY = "leaseKey";
  private static final String OWNER = "leaseOwner";
  private static final String COUNTER = "leaseCounter";

  private final EmbeddedPipeline pipeline;
  private final List<StreamWorker> running = new ArrayList<>();
  private final Deque<List<Map<String, AttributeValue>>> past = new ArrayDeque<>();

  public StreamWorkers(EmbeddedPipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public synchronized void start(String streamArn) {
    startMissing();
  }

  private void startMissing() {
    while (running.size() < WORKERS) {
      running.add(pipeline.startStreamWorker());
    }
  }

  @Override
  public synchronized int kill() {
    int killed = running.size();
    killAll();
    startMissing();
    return killed;
  }

  private void killAll() {
    running.forEach(StreamWorker::close);
    running.clear();
  }

  /** Returns the process that was killed. */
  synchronized long killOne(Random random) throws InterruptedException {
    StreamWorker victim = running.remove(random.nextInt(running.size()));
    victim.kill();
    startMissing();
    return victim.handle().pid();
  }

  /** Returns the process that was asked to stop, when it has. */
  long stopOne(Random random) throws InterruptedException {
    StreamWorker victim;
    synchronized (this) {
      victim = running.remove(random.nextInt(running.size()));
      startMissing();
    }
    victim.stop();
    return victim.handle().pid();
  }

  /** Gives a lease to a worker that does not exist; returns its shard. */
  Optional<String> stealLease(Random random) {
    List<Map<String, AttributeValue>> leases =
        leases().stream().filter(lease -> lease.containsKey(OWNER)).toList();
    if (leases.isEmpty()) {
      return Optional.empty();
    }
    Map<String, AttributeValue> lease = leases.get(random.nextInt(leases.size()));
    try {
      dynamoDb()
          .updateItem(
              update ->
                  update
                      .tableName(leaseTable().orElseThrow())
                      .key(Map.of(LEASE_KEY, lease.get(LEASE_KEY)))
                      .updateExpression("SET leaseOwner = :thief, leaseCounter = :next")
                      .conditionExpression("leaseCounter = :counter")
                      .expressionAttributeValues(
                          Map.of(
                              ":thief", AttributeValue.fromS("thief"),
                              ":next", next(lease),
                              ":counter", lease.get(COUNTER))));
      return Optional.of(Objects.requireNonNull(lease.get(LEASE_KEY)).s());
    } catch (ConditionalCheckFailedException _) {
      // Renewed in the same moment.
      return Optional.empty();
    }
  }

  @Override
  public synchronized void rememberCheckpoints() {
    if (past.size() == MOST_PAST_LEASES) {
      past.removeFirst();
    }
    past.addLast(leases());
  }

  /** Leases that did not exist then stay as they are. */
  @Override
  public synchronized void restartFromOldCheckpoint(Random random, List<String> streamArns) {
    killAll();
    if (!past.isEmpty()) {
      for (var lease : List.copyOf(past).get(random.nextInt(past.size()))) {
        Map<String, AttributeValue> free = new HashMap<>(lease);
        free.remove(OWNER);
        free.put(COUNTER, next(lease));
        dynamoDb().putItem(put -> put.tableName(leaseTable().orElseThrow()).item(free));
      }
    }
    startMissing();
  }

  private static AttributeValue next(Map<String, AttributeValue> lease) {
    long counter = Long.parseLong(Objects.requireNonNull(lease.get(COUNTER)).n());
    return AttributeValue.fromN(Long.toString(counter + 1_000));
  }

  @Override
  public synchronized void stop() {
    killAll();
  }

  private List<Map<String, AttributeValue>> leases() {
    return leaseTable()
        .map(table -> dynamoDb().scan(scan -> scan.tableName(table).consistentRead(true)).items())
        .orElse(List.of());
  }

  /** The library names its other tables after the table of leases. */
  private Optional<String> leaseTable() {
    return dynamoDb().listTables().tableNames().stream()
        .filter(name -> name.startsWith("utsushi-"))
        .filter(name -> !name.endsWith("-CoordinatorState") && !name.endsWith("-WorkerMetricStats"))
        .findFirst();
  }

  private DynamoDbClient dynamoDb() {
    return pipeline.dynamoDb();
  }
}
