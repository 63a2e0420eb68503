package dev.utsushi.worker;

import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.replication.ReplicationParts;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.settings.Settings.WorkerSettings;
import dev.utsushi.core.settings.SettingsException;
import dev.utsushi.core.telemetry.Log;
import java.io.IOException;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.exceptions.LeasingException;

/** The worker's process. It ends only by a signal, or when it can't read the stream. */
public final class Worker {
  /** An attempt that is under way may take 30 s. Fargate kills a task 120 s after the signal. */
  private static final long LONGEST_STOP_SECONDS = 60;

  private final Log log = new Log(System.out, InstantSource.system());
  private final WorkerMetrics metrics = new WorkerMetrics(InstantSource.system());
  private final String workerId = "utsushi-worker/" + UUID.randomUUID();
  private final WorkerSettings settings;
  private volatile boolean stopping;

  private Worker(WorkerSettings settings) {
    this.settings = settings;
  }

  /** Starts the worker with the settings of the environment. */
  public static void main(String[] arguments) throws Exception {
    try {
      new Worker(Settings.readWorker(System.getenv())).run();
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  private void run() throws IOException, LeasingException {
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> die(thread, e));
    Scheduler scheduler = scheduler();
    try (var health = HealthServer.start(settings.port(), () -> isReading(scheduler), metrics)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(scheduler), "stop"));
      log.info("worker_started", json -> json.writeNumberField("port", health.port()));
      Thread.ofPlatform()
          .daemon()
          .name("minute-line")
          .start(new MinuteLine(metrics, settings.replication().dimensions(), log));
      scheduler.run();
    }
    if (!stopping) {
      // The library gave up.
      System.exit(1);
    }
  }

  private Scheduler scheduler() throws LeasingException {
    SqsClient sqs = SqsClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
    var parts =
        new ShardParts(
            settings,
            new ReplicationParts(
                settings.replication(),
                SocketCaller.trusting(System.getenv(Setting.SEARCH_CA.variable())),
                log),
            new RecordFilter(settings.filterPatterns()),
            new FailureQueue(
                message ->
                    sqs.sendMessage(
                        send -> send.queueUrl(settings.failureQueueUrl()).messageBody(message)),
                settings.streamArn(),
                workerId,
                log),
            metrics,
            () -> stopping);
    return new LeasedStream(settings, workerId).scheduler(() -> new ShardWriter(parts, log));
  }

  private boolean isReading(Scheduler scheduler) {
    return !stopping && !scheduler.shutdownComplete();
  }

  /** Finishes what is under way, notes how far it came and gives the shards to other workers. */
  private void stop(Scheduler scheduler) {
    stopping = true;
    log.info("worker_stopping", json -> {});
    try {
      scheduler.startGracefulShutdown().get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
      log.info("worker_stopped", json -> {});
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      String reason = e.getClass().getName();
      log.warn("worker_not_stopped", json -> json.writeStringField("reason", reason));
    }
  }

  /** A thread that is missing would leave a shard waiting; a new process would not. */
  private void die(Thread thread, Throwable e) {
    log.error(
        "worker_died",
        json -> {
          json.writeStringField("thread", thread.getName());
          json.writeStringField("reason", e.getClass().getName());
        });
    Runtime.getRuntime().halt(1);
  }
}
