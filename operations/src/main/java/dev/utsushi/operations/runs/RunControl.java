package dev.utsushi.operations.runs;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.RunStore.OtherVersionException;
import dev.utsushi.core.run.SegmentQueue;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.operations.stack.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Controls the runs of one stream. Every method throws an {@link OperationException}. */
public final class RunControl implements AutoCloseable {
  private final AwsClients clients;
  private final DeployedStream stream;
  private final DynamoDbClient tables;
  private final RunStore store;
  private final SegmentQueue queue;
  private final int maximumConcurrency;

  private RunControl(
      AwsClients clients,
      DeployedStream stream,
      DynamoDbClient tables,
      RunStore store,
      SegmentQueue queue,
      int maximumConcurrency) {
    this.clients = clients;
    this.stream = stream;
    this.tables = tables;
    this.store = store;
    this.queue = queue;
    this.maximumConcurrency = maximumConcurrency;
  }

  /** Finds the stream's table of runs and queue of segments by the function that works on them. */
  public static RunControl of(AwsClients clients, DeployedStream stream) {
    Map<String, String> variables = new StreamFinder(clients).workerVariables(stream);
    DynamoDbClient tables = clients.tables();
    return new RunControl(
        clients,
        stream,
        tables,
        new RunStore(tables, variable(variables, Setting.RUN_TABLE), InstantSource.system()),
        new SegmentQueue(clients.sqs(), variable(variables, Setting.SEGMENT_QUEUE_URL)),
        Integer.parseInt(variable(variables, Setting.MAXIMUM_CONCURRENCY)));
  }

  private static String variable(Map<String, String> variables, Setting setting) {
    String value = variables.get(setting.variable());
    if (value == null) {
      throw OperationException.failed(
          "the function of backfills has no variable "
              + setting.variable()
              + ": deploy the stack again");
    }
    return value;
  }

  /** Returns the stream. */
  public DeployedStream stream() {
    return stream;
  }

  /** Returns how many segments are worked on at once at most. */
  public int maximumConcurrency() {
    return maximumConcurrency;
  }

  /**
   * Estimates a run over the whole table.
   *
   * @param readCapacity the most read units a second; 0 for no limit
   */
  public RunEstimate estimate(double readCapacity) {
    TableDescription table = describe();
    return RunEstimate.of(
        table.itemCount(), table.tableSizeBytes(), readCapacity, maximumConcurrency);
  }

  /**
   * Returns how the stream does.
   *
   * @param waiting told what it waits for
   */
  public StreamStatus status(Consumer<String> waiting) throws InterruptedException {
    return StreamStatus.read(clients, stream, waiting);
  }

  /** Returns how many segments fit the table. */
  public int fittingSegments() {
    return Run.fittingSegments(describe().tableSizeBytes());
  }

  private TableDescription describe() {
    String name = stream.tableArn().substring(stream.tableArn().lastIndexOf('/') + 1);
    return AwsErrors.call(
        "dynamodb:DescribeTable",
        () -> tables.describeTable(describe -> describe.tableName(name)).table());
  }

  /**
   * Starts a run. If no worker can be woken, there is none.
   *
   * @throws OperationException if another one is running
   */
  public void start(Run run) {
    Optional<Run> before = call(store::last);
    if (!call(() -> store.start(run))) {
      throw running(call(store::last).orElseThrow());
    }
    try {
      wake(run);
    } catch (OperationException e) {
      call(
          () -> {
            store.takeBack(run, before.orElse(null));
            return true;
          });
      throw e;
    }
  }

  /**
   * Checks that no run is running.
   *
   * @throws OperationException if one is
   */
  public void checkNothingRuns() {
    call(store::last)
        .filter(run -> run.state() == State.RUNNING)
        .ifPresent(
            run -> {
              throw running(run);
            });
  }

  private static OperationException running(Run run) {
    return OperationException.failed(
        "%s is running since %s: wait for it, or stop it with 'stop'"
            .formatted(title(run), run.startedAt()));
  }

  /** Returns how far the last run is; empty if there never was one. */
  public Optional<RunProgress> last() {
    return call(store::last)
        .map(run -> new RunProgress(run, call(() -> store.segments(run)), Instant.now()));
  }

  /** Stops a run: each worker saves its page first. */
  public void stop(Run run) {
    change(run, State.STOPPED);
  }

  /** Lets a run go on, and wakes a worker for each segment that is not done. */
  public void resume(RunProgress progress) {
    change(progress.run(), State.RUNNING);
    wake(progress.run());
  }

  private void change(Run run, State state) {
    if (!call(() -> store.change(run, state))) {
      throw OperationException.failed("another run was started meanwhile");
    }
  }

  private void wake(Run run) {
    List<Task> tasks = call(() -> store.tasks(run));
    AwsErrors.call(
        "sqs:SendMessage",
        () -> {
          queue.send(tasks, Duration.ZERO);
          return true;
        });
  }

  /** Returns the name of a run for messages. */
  public static String title(Run run) {
    return switch (run.kind()) {
      case BACKFILL -> "a backfill";
      case VERIFY -> "a verification";
      case REINDEX -> "a reindex";
      case PURGE -> "a purge of tombstones";
    };
  }

  private <T> T call(Supplier<T> call) {
    try {
      return AwsErrors.call(
          "dynamodb:GetItem, PutItem, UpdateItem and Query on " + store.table(), call);
    } catch (OtherVersionException e) {
      throw OperationException.failed(e.getMessage() + ". Use the commands of that version", e);
    }
  }

  @Override
  public void close() {
    tables.close();
  }
}
