package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.IndexRequest;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexInspector;
import dev.utsushi.core.index.IndexRebuild;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.projection.Target;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.replication.ReplicationTelemetry.Lag;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.stream.RangeReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The handler that an operator invokes. For {@code utsushi dlq replay} it reads a {@link
 * ReplayRequest} and writes a {@link dev.utsushi.core.deadletter.ReplayReply}; for {@code utsushi
 * status}, {@code utsushi index create} and {@code utsushi reindex} it reads an {@link
 * IndexRequest} and writes a {@link dev.utsushi.core.index.IndexStatus}. All of them are JSON.
 */
public final class ReplayHandler implements RequestStreamHandler {
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final Replay replay;

  /** By the name of the index. */
  private final Map<String, Operated> indexes = new LinkedHashMap<>();

  /** What operators do with one index. */
  private record Operated(IndexInspector inspector, IndexRebuild rebuild) {}

  /**
   * Creates the handler as Lambda does.
   *
   * @throws dev.utsushi.core.settings.SettingsException with everything that is wrong with the
   *     settings
   */
  public ReplayHandler() {
    this(
        Settings.readDeadLetters(System.getenv()),
        SocketCaller.trusting(System.getenv(Setting.SEARCH_CA.variable())));
  }

  private ReplayHandler(DeadLetterSettings settings, HttpCaller caller) {
    this(
        settings,
        caller,
        RangeReader.create(new RecordFilter(settings.filterPatterns()), System.getenv(), caller),
        DeadLetterQueue.at(settings.queueUrl()),
        LAST_WAIT);
  }

  /** Creates the handler with other clients and another wait than Lambda's. */
  ReplayHandler(
      DeadLetterSettings settings,
      HttpCaller caller,
      RangeReader ranges,
      DeadLetterQueue queue,
      Duration lastWait) {
    Log log = new Log(System.out, InstantSource.system());
    Settings replication = settings.replication();
    replay =
        new Replay(
            settings.sources(),
            replication.dimensions(),
            queue,
            ranges,
            new ReplayBatch.Flow(
                Assembly.replication(replication, caller, log, new Lag.None()),
                Assembly.dryRun(replication, caller),
                Assembly.indexReaders(replication, caller)),
            lastWait,
            log);
    for (Target target : replication.targets().list()) {
      indexes.put(
          target.index().reader(),
          new Operated(
              Assembly.indexInspector(replication, target, caller, log),
              Assembly.indexRebuild(replication, target, caller, log)));
    }
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String payload = new String(input.readAllBytes(), UTF_8);
    output.write(reply(payload, Assembly.deadline(context)).getBytes(UTF_8));
  }

  private String reply(String payload, Deadline deadline) {
    if (payload.isBlank()) {
      return replay.run(ReplayRequest.ALL, deadline).toJson();
    }
    var request = IndexRequest.parse(payload);
    if (request.isEmpty()) {
      return replay.run(ReplayRequest.parse(payload), deadline).toJson();
    }
    return DeadLetterJson.write(status(request.get(), deadline));
  }

  private IndexStatus status(IndexRequest request, Deadline deadline) {
    String name = request.target() == null ? indexes.keySet().iterator().next() : request.target();
    Operated index = indexes.get(name);
    if (index == null) {
      return IndexStatus.of(
          IndexStatus.State.NOT_WRITABLE,
          "the stream has no index %s; it has %s"
              .formatted(name, String.join(", ", indexes.keySet())));
    }
    return switch (request.index()) {
      case INSPECT -> index.inspector().inspect(deadline);
      case CREATE -> index.inspector().create(deadline);
      case REBUILD -> index.rebuild().start(deadline);
      case CUT_OVER -> index.rebuild().cutOver(deadline);
      case ROLL_BACK -> index.rebuild().rollBack(deadline);
      case FINISH -> index.rebuild().finish(deadline);
    };
  }
}
