package dev.utsushi.faults.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.faults.history.ChaosException;
import dev.utsushi.faults.history.DeliveryObserver;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.Operation.DeliveredRecord;
import dev.utsushi.faults.history.Operation.Event;
import dev.utsushi.faults.history.Operation.Injected;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.StreamObserver;
import dev.utsushi.faults.nemesis.FaultSchedule.Slot;
import dev.utsushi.local.kinesis.Resharding;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.search.SearchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Injects the faults of a schedule into a pipeline, each lane on its own thread. */
public final class Nemesis {
  /** A fault that finds nothing to hit ends after this time. */
  private static final Duration LONGEST_WAIT_FOR_A_HIT = Duration.ofSeconds(8);

  private static final Duration REARMING = Duration.ofMillis(100);
  private static final Duration ENGINE_RETRY = Duration.ofMillis(100);
  private static final int ENGINE_RETRIES = 50;
  private static final int MAX_REDELIVERED_RECORDS = 60;
  private static final int MAX_REDELIVERED_BATCH = 10;

  private final EmbeddedPipeline pipeline;
  private final FaultPoints points;
  private final DeliveryObserver deliveries;
  private final StreamObserver streams;
  private final History history;
  private final Consumer<Runnable> whileNobodyWrites;
  private final StreamConsumer consumer;

  /**
   * Creates the nemesis of a pipeline, which starts it by {@link #startConsumer}.
   *
   * @param consumer of the pipeline's stream
   * @param whileNobodyWrites runs something during which the table is not written
   */
  public Nemesis(
      EmbeddedPipeline pipeline,
      StreamConsumer consumer,
      FaultPoints points,
      DeliveryObserver deliveries,
      StreamObserver streams,
      History history,
      Consumer<Runnable> whileNobodyWrites) {
    this.pipeline = pipeline;
    this.consumer = consumer;
    this.points = points;
    this.deliveries = deliveries;
    this.streams = streams;
    this.history = history;
    this.whileNobodyWrites = whileNobodyWrites;
  }

  /**
   * Returns when every fault is over and everything works again.
   *
   * @throws ChaosException if a fault can't be injected
   */
  public void run(FaultSchedule schedule) throws InterruptedException {
    long start = System.nanoTime();
    List<Callable<Void>> lanes = new ArrayList<>();
    for (List<Slot> slots : schedule.lanes().values()) {
      lanes.add(() -> run(slots, start));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> lane : threads.invokeAll(lanes)) {
        lane.get();
      }
    } catch (ExecutionException e) {
      throw new ChaosException("a fault could not be injected: " + e.getCause(), e);
    }
  }

  private Void run(List<Slot> slots, long start) throws InterruptedException {
    for (Slot slot : slots) {
      Thread.sleep(slot.at().minusNanos(System.nanoTime() - start));
      slot.fault().inject(this, slot);
    }
    return null;
  }

  /** Starts to consume a stream of the table. */
  public void startConsumer(String streamArn) {
    streams.add(streamArn);
    consumer.start(streamArn);
  }

  private void injected(Slot slot, String detail) {
    history.append(new Injected(slot.fault().description(), detail));
  }

  /**
   * The fault waits until it hits something, and then lasts its time. It is armed again and again,
   * because an action may miss: a request that the engine never answers is never done.
   */
  <A> void arm(Slot slot, Function<FaultPoints, FaultPoint<A>> where, int hits, A action)
      throws InterruptedException {
    FaultPoint<A> point = where.apply(points);
    long before = history.injected(slot.fault().description());
    long end = System.nanoTime() + LONGEST_WAIT_FOR_A_HIT.toNanos();
    try {
      do {
        point.arm(slot.fault(), action, hits);
        Thread.sleep(REARMING);
      } while (history.injected(slot.fault().description()) == before && System.nanoTime() < end);
      Thread.sleep(slot.length());
    } finally {
      point.disarm();
    }
  }

  void killConsumer(Slot slot) {
    int killed = consumer.kill();
    if (killed > 0) {
      injected(slot, killed + " JVMs");
    }
  }

  void killStreamWorker(Slot slot) throws InterruptedException {
    injected(slot, "process " + workers().killOne(new Random(slot.seed())));
  }

  void stopStreamWorker(Slot slot) throws InterruptedException {
    injected(slot, "process " + workers().stopOne(new Random(slot.seed())));
  }

  void stealLease(Slot slot) {
    workers().stealLease(new Random(slot.seed())).ifPresent(shard -> injected(slot, "of " + shard));
  }

  private StreamWorkers workers() {
    return (StreamWorkers) consumer;
  }

  void killWorker() {
    pipeline.worker().function().environments().forEach(ProcessHandle::destroyForcibly);
  }

  void restartEngine(Slot slot) throws InterruptedException {
    injected(slot, "");
    pipeline.aws().search().stop();
    try {
      Thread.sleep(slot.length());
    } finally {
      pipeline.aws().search().restart();
      history.append(new Event("engine is up again"));
    }
  }

  /** Of several indexes it is one, so that some of a change's writes succeed. */
  void blockWrites(Slot slot) throws InterruptedException {
    List<String> indexes = new ArrayList<>();
    onIndexes("GET", "*-0*", "").fieldNames().forEachRemaining(indexes::add);
    Collections.sort(indexes);
    String index = indexes.get(new Random(slot.seed()).nextInt(indexes.size()));
    setWriteBlock(index.substring(pipeline.name().length()), "true");
    injected(slot, indexes.size() == 1 ? "" : index);
    try {
      Thread.sleep(slot.length());
    } finally {
      setWriteBlock("*-0*", "null");
      history.append(new Event("index accepts writes again"));
    }
  }

  private void setWriteBlock(String index, String value) throws InterruptedException {
    onIndexes("PUT", index + "/_settings", "{\"index.blocks.write\":%s}".formatted(value));
  }

  /** An engine that has just started may not have its index yet. */
  private JsonNode onIndexes(String method, String path, String body) throws InterruptedException {
    for (int retries = 0; ; retries++) {
      try {
        return pipeline.search().send(method, "/" + pipeline.name() + path, body);
      } catch (SearchException e) {
        if (retries == ENGINE_RETRIES) {
          throw e;
        }
        Thread.sleep(ENGINE_RETRY);
      }
    }
  }

  void redeliver(Slot slot) throws InterruptedException {
    Random random = new Random(slot.seed());
    List<DeliveredRecord> records = new ArrayList<>(history.delivered());
    Collections.shuffle(records, random);
    int end = Math.min(MAX_REDELIVERED_RECORDS, records.size());
    for (int from = 0; from < end; ) {
      int to = Math.min(end, from + 1 + random.nextInt(MAX_REDELIVERED_BATCH));
      injected(slot, "");
      String event =
          records.subList(from, to).stream()
              .map(DeliveredRecord::json)
              .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
      var _ = deliveries.deliver(event.getBytes(UTF_8), Source.REDELIVERY, pipeline.function());
      from = to;
    }
  }

  void rollOverShards(Slot slot) {
    if (pipeline.kinesis().isPresent()) {
      var resharding = new Resharding(pipeline.kinesis().get().server(), pipeline.name());
      injected(slot, resharding.splitOrMerge(new Random(slot.seed())));
    } else {
      pipeline.database().rollOverShards();
      injected(slot, "");
    }
  }

  /** A write while the stream is off would be in no stream. */
  void reenableStream(Slot slot) {
    whileNobodyWrites.accept(
        () -> {
          if (pipeline.kinesis().isPresent()) {
            pipeline.restartForwarding();
            injected(slot, "");
            return;
          }
          specifyStream(off -> off.streamEnabled(false));
          var table =
              specifyStream(
                  on -> on.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES));
          startConsumer(table.latestStreamArn());
          injected(slot, "");
        });
  }

  private TableDescription specifyStream(Consumer<StreamSpecification.Builder> stream) {
    return pipeline
        .dynamoDb()
        .updateTable(update -> update.tableName(pipeline.name()).streamSpecification(stream))
        .tableDescription();
  }

  void restartFromOldCheckpoint(Slot slot) throws InterruptedException {
    consumer.restartFromOldCheckpoint(new Random(slot.seed()), streams.streamArns());
    injected(slot, "");
  }
}
