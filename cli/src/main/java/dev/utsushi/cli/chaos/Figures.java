package dev.utsushi.cli.chaos;

import dev.utsushi.core.telemetry.Metric;
import java.util.List;

/** A run in numbers, by who counted them. */
record Figures(
    Table table,
    Index index,
    Brought brought,
    Function function,
    Engine engine,
    DeadLettersLeft deadLetters) {

  /** By the writer, and by whoever reads the streams. */
  record Table(long writes, long changes, int streams) {}

  /**
   * As it stands in the end.
   *
   * @param documents tombstones too
   */
  record Index(long documents, long tombstones) {}

  /**
   * By whoever brings records to the function.
   *
   * @param repeated records that came again
   */
  record Brought(long deliveries, long failed, long repeated) {}

  /** By the function's own metrics. */
  record Function(long applied, long superseded, long deferred, long rejected, long retries) {}

  /** By the proxy. */
  record Engine(long written, long unchanged, long failed) {}

  /**
   * By the queue.
   *
   * @param left messages after the replay; one that was parked twice, since its answer was lost, is
   *     two
   */
  record DeadLettersLeft(long parked, long left) {}

  static Figures of(Pipeline pipeline, Evidence evidence) {
    var accounts = pipeline.accounts;
    var engine = pipeline.engineWrites;
    return new Figures(
        new Table(
            pipeline.writer.written(),
            evidence.changes().size(),
            pipeline.truth.streamArns().size()),
        new Index(evidence.documents().size(), evidence.tombstones()),
        new Brought(accounts.deliveries(), accounts.failedDeliveries(), accounts.repeated()),
        function(pipeline.totals),
        new Engine(engine.written(), engine.unchanged(), engine.failed()),
        new DeadLettersLeft(accounts.parked().size(), evidence.deadLetters().kept()));
  }

  private static Function function(FunctionTotals totals) {
    return new Function(
        totals.sum(Metric.APPLIED),
        totals.sum(Metric.SUPERSEDED),
        totals.sum(Metric.DEFERRED),
        totals.sum(Metric.REJECTED),
        totals.sum(Metric.RETRIES));
  }

  List<String> lines() {
    return List.of(
        "table      %,d writes, %,d changes in %d streams"
            .formatted(table.writes(), table.changes(), table.streams()),
        "index      %,d documents, %,d of them tombstones"
            .formatted(index.documents(), index.tombstones()),
        "deliveries %,d, %,d of them failed; %,d records came again"
            .formatted(brought.deliveries(), brought.failed(), brought.repeated()),
        "function   applied %,d, superseded %,d, deferred %,d, rejected %,d; retried inside %,d"
            .formatted(
                function.applied(),
                function.superseded(),
                function.deferred(),
                function.rejected(),
                function.retries()),
        "engine     %,d writes made, %,d not needed, %,d refused"
            .formatted(engine.written(), engine.unchanged(), engine.failed()),
        "queue      %,d dead letters parked; %,d messages, copies counted, keep what the engine refuses"
            .formatted(deadLetters.parked(), deadLetters.left()));
  }
}
