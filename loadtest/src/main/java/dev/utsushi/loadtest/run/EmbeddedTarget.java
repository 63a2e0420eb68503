package dev.utsushi.loadtest.run;

import static dev.utsushi.loadtest.run.DocumentSearch.WRITE_NUMBER;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.local.stream.PolledRecord;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.Comparison;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An embedded pipeline under load. Each item carries when its write was due and the write's number,
 * so that a change is recognized wherever it is observed.
 */
public final class EmbeddedTarget implements LoadTarget, AutoCloseable {

  private static final Duration LONGEST_SEARCH = Duration.ofSeconds(30);

  /**
   * Numbers the lanes of all shards. A shard that takes the place of another has the same lanes.
   *
   * @param factor lanes of a shard
   * @param number of lanes
   */
  record Lanes(int factor, int number, List<String> shards) {

    Lanes(int factor, int number) {
      this(factor, number, new ArrayList<>());
    }

    synchronized int number(LaneId lane) {
      if (!shards.contains(lane.shardId())) {
        shards.add(lane.shardId());
      }
      return (shards.indexOf(lane.shardId()) * factor + lane.index()) % number;
    }
  }

  /**
   * A run that is being recorded.
   *
   * @param lanes of the mapping; null without one
   */
  record Recording(
      RunRecorder recorder, Instant startedAt, long settledBefore, @Nullable Lanes lanes) {

    void observe(MappingEvent event) {
      if (lanes != null && event instanceof MappingEvent.Invoked invoked) {
        List<Integer> writes = invoked.records().stream().map(this::writeOf).toList();
        recorder.invoked(
            lanes.number(invoked.lane()),
            writes,
            invoked.processed(),
            nanos(invoked.start()),
            nanos(invoked.end()));
      }
    }

    private int writeOf(PolledRecord polled) {
      JsonNode change = polled.change();
      boolean removal = change.path("eventName").asText().equals("REMOVE");
      JsonNode item = change.path("dynamodb").path(removal ? "OldImage" : "NewImage");
      int number = item.path(WRITE_NUMBER).path("N").asInt(-1);
      return recorder.writeOf(number, removal);
    }

    private long nanos(Instant moment) {
      return Duration.between(startedAt, moment).toNanos();
    }
  }

  private final ActivityLog activity;
  private final TestedPipeline settings;
  private final IndexedWrites indexed = new IndexedWrites();
  private final EmbeddedPipeline pipeline;
  private final DocumentSearch documents;
  private final List<String> indexes;
  private volatile @Nullable Recording recording;

  EmbeddedTarget(
      LocalAws aws,
      LocalDynamoDb database,
      PipelineOptions options,
      TestedPipeline settings,
      ActivityLog activity) {
    this.activity = activity;
    this.settings = settings;
    indexes =
        PipelineOptions.targets(
            options.name(),
            settings instanceof TestedPipeline.Embedded function ? function.targets() : 1);
    pipeline = new EmbeddedPipeline(aws, database, with(options));
    documents = new DocumentSearch(pipeline.search(), pipeline.name(), activity::key);
    pipeline.start();
  }

  private PipelineOptions with(PipelineOptions options) {
    return switch (settings) {
      case TestedPipeline.Embedded function -> with(function, options);
      case TestedPipeline.Worker worker ->
          options
              .withWorkerJars(worker.jars())
              .withStreamWorkerEnvironment(
                  Map.of(
                      Setting.WORKER_LANES.variable(), Integer.toString(worker.writers()),
                      Setting.WORKER_BATCH_SIZE.variable(), Integer.toString(worker.batchSize())))
              .withProxy(
                  engine -> new FaultProxy(engine, _ -> wait(worker.searchRoundTrip()), indexed));
      case TestedPipeline.Deployed _ -> throw new IllegalArgumentException("not embedded");
    };
  }

  private PipelineOptions with(TestedPipeline.Embedded function, PipelineOptions options) {
    PipelineOptions all =
        options
            .withInvocationOverhead(function.invocationOverhead())
            .withLeastInvocationTime(function.leastInvocation())
            .withMapping(
                options
                    .mapping()
                    .withBatchSize(function.batchSize())
                    .withParallelizationFactor(function.factor())
                    .withBatchingWindow(function.window()))
            .withListener(this::observe);
    ProxyAction wait = wait(function.searchRoundTrip());
    return function.searchRoundTrip().isZero()
        ? all
        : all.withProxy(engine -> new FaultProxy(engine, _ -> wait, ProxyListener.SILENT));
  }

  private static ProxyAction wait(Duration roundTrip) {
    return roundTrip.isZero() ? new ProxyAction.Forward() : new ProxyAction.Delay(roundTrip);
  }

  /** Returns the pipeline itself. */
  public EmbeddedPipeline embedded() {
    return pipeline;
  }

  @Override
  public void begin(RunRecorder recorder, Instant startedAt) {
    var lanes =
        settings instanceof TestedPipeline.Embedded function
            ? new Lanes(function.factor(), function.lanes())
            : null;
    recording = new Recording(recorder, startedAt, settled(), lanes);
    indexed.begin(recorder);
  }

  /** Returns how many records were indexed or given up. */
  long settled() {
    return settings instanceof TestedPipeline.Worker
        ? pipeline.settledByWorkers()
        : pipeline.count(MappingCounters::settledRecords);
  }

  private void observe(MappingEvent event) {
    Recording run = recording;
    if (run != null) {
      run.observe(event);
    }
  }

  @Override
  public void write(PlannedWrite write) {
    Recording run = recording;
    Instant start = run == null ? Instant.EPOCH : run.startedAt();
    switch (write.operation()) {
      case INSERT, UPDATE -> {
        var item = item(write, start);
        pipeline.dynamoDb().putItem(put -> put.tableName(pipeline.name()).item(item));
      }
      case DELETE -> {
        var key = activity.key(write.item());
        pipeline.dynamoDb().deleteItem(delete -> delete.tableName(pipeline.name()).key(key));
      }
    }
  }

  private Map<String, AttributeValue> item(PlannedWrite write, Instant start) {
    var item =
        write.operation() == PlannedWrite.Operation.INSERT
            ? activity.item(write.item())
            : activity.edited(write.item(), write.number());
    long due = start.plusNanos(write.scheduledNanos()).toEpochMilli();
    item.put(ActivityTable.WRITTEN_AT, fromN(Long.toString(due)));
    item.put(WRITE_NUMBER, fromN(Integer.toString(write.number())));
    activity.enlarge(item, write.bytes());
    return item;
  }

  @Override
  public SearchableProbe probe() {
    return new SearchableProbe(run().recorder(), documents, Moment.INDEXED, LONGEST_SEARCH);
  }

  @Override
  public int missing() {
    Recording run = run();
    long settled = settled() - run.settledBefore();
    return Math.toIntExact(run.recorder().count(Moment.ACKNOWLEDGED) - settled);
  }

  private Recording run() {
    return Objects.requireNonNull(recording, "No run is being recorded");
  }

  @Override
  public void end() {
    recording = null;
    indexed.end();
  }

  @Override
  public ComparisonReport compare() throws InterruptedException {
    pipeline.awaitForwarded();
    ComparisonReport report = pipeline.compare();
    for (int i = 1; i < indexes.size() && report.equal(); i++) {
      ExpectedIndex whole = ExpectedIndex.whole(indexes.get(i));
      report = Comparison.of(pipeline.dynamoDb(), pipeline.name(), pipeline.search(), whole);
    }
    return report;
  }

  /** Ends replication and deletes what it wrote. */
  void deleteIndexes() throws InterruptedException {
    pipeline.deleteIndex();
    for (String index : indexes.subList(1, indexes.size())) {
      pipeline.search().send("DELETE", "/" + index + "-000001", "");
    }
  }

  @Override
  public long deadLetters() {
    return pipeline.failures() + pipeline.deadLetters();
  }

  @Override
  public TestedPipeline pipeline() {
    return settings;
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
