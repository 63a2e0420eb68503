package dev.utsushi.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.operations.runs.RunControl;
import dev.utsushi.operations.runs.RunEstimate;
import dev.utsushi.operations.runs.RunProgress;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints how a run goes on, and what it found. */
final class RunPrinter {
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final int MOST_SHOWN = 10;

  /** Longer than a queue hides a message whose worker died. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(6);

  private final Terminal terminal;
  private final RunControl control;
  private final String options;

  /**
   * Creates a printer.
   *
   * @param options the options that select the stream, to suggest the next command with
   */
  RunPrinter(Terminal terminal, RunControl control, String options) {
    this.terminal = terminal;
    this.control = control;
    this.options = options;
  }

  /**
   * The JSON of a run.
   *
   * @param counts by name; those that are zero are missing
   * @param failures why segments make no progress, and how many
   */
  record View(
      @JsonUnwrapped DeployedStream stream,
      String run,
      Kind kind,
      State state,
      Instant startedAt,
      Instant lastProgress,
      int segments,
      int segmentsDone,
      boolean repair,
      Map<Count, Long> counts,
      Map<String, Long> failures,
      List<Finding> findings) {}

  View view(RunProgress progress) {
    Run run = progress.run();
    return new View(
        control.stream(),
        run.id(),
        run.kind(),
        run.state(),
        run.startedAt(),
        progress.lastProgress(),
        run.parts(),
        progress.done(),
        run.repair(),
        progress.sums(),
        progress.failures(),
        progress.findings());
  }

  /** Returns in words what a run over a share of the table takes. */
  static String text(RunEstimate estimate, double share, int workers) {
    return "%,d items, %,d MB: %,d read units ($%.2f on demand in us-east-1), %s with %d workers"
        .formatted(
            Math.round(estimate.items() * share),
            Math.round(estimate.bytes() * share / 1e6),
            Math.round(estimate.readUnits() * share),
            estimate.dollars() * share,
            DurationText.print(Duration.ofSeconds(Math.round(estimate.time().toSeconds() * share))),
            workers);
  }

  /** Says what a run will take. */
  void announce(Kind kind, RunEstimate estimate, double share) {
    terminal.heading("%s of %s".formatted(title(kind), control.stream().title()));
    terminal.line("About " + text(estimate, share, control.maximumConcurrency()));
    if (estimate.items() == 0) {
      terminal.line("DynamoDB counts a table every six hours: the real number may be higher.");
    }
  }

  boolean isConfirmed() throws InterruptedException {
    terminal.line("Every change of the stream wins over what a backfill writes.");
    terminal.line("Type yes to start:");
    String answer = Terminal.answer();
    return answer != null && answer.strip().equals("yes");
  }

  /**
   * Shows the progress until the run is over, is stopped, or makes no progress any more.
   *
   * @param file where to write what was found; null for a name with the time of the run
   */
  RunProgress watch(@Nullable Path file) throws InterruptedException {
    RunProgress first = progress();
    try {
      RunProgress now = first;
      while (now.run().state() == State.RUNNING && !isSilent(now)) {
        terminal.status(line(first, now));
        Thread.sleep(LOOK_INTERVAL);
        now = progress();
        if (!now.run().id().equals(first.run().id())) {
          throw OperationException.failed("another run was started meanwhile");
        }
      }
      write(now, file);
      return now;
    } catch (InterruptedException e) {
      terminal.line(
          "The run goes on without this command. Look again: utsushi %s status %s. Stop it: utsushi %s stop %s"
              .formatted(command(first.run()), options, command(first.run()), options));
      throw e;
    }
  }

  private RunProgress progress() {
    return control.last().orElseThrow();
  }

  private static boolean isSilent(RunProgress progress) {
    return progress.lastProgress().plus(LONGEST_SILENCE).isBefore(progress.at());
  }

  private static String line(RunProgress first, RunProgress now) {
    Duration time = Duration.between(first.at(), now.at());
    long items = now.sum(Count.ITEMS) + now.sum(Count.DOCUMENTS);
    long before = first.sum(Count.ITEMS) + first.sum(Count.DOCUMENTS);
    double perSecond = time.isZero() ? 0 : (items - before) * 1000.0 / time.toMillis();
    String failure = now.failures().keySet().stream().findFirst().map(it -> "; " + it).orElse("");
    return "%s, %,.0f/s, %d of %d segments%s%s"
        .formatted(seen(now), perSecond, now.done(), now.run().parts(), left(first, now), failure);
  }

  private static String seen(RunProgress now) {
    return switch (now.run().kind()) {
      case BACKFILL -> "%,d items".formatted(now.sum(Count.ITEMS));
      case VERIFY, REINDEX ->
          "%,d items, %,d documents, %,d differ"
              .formatted(now.sum(Count.ITEMS), now.sum(Count.DOCUMENTS), now.found());
      case PURGE ->
          "%,d old tombstones, %,d purged"
              .formatted(now.sum(Count.DOCUMENTS), now.sum(Count.PURGED));
    };
  }

  private static String left(RunProgress first, RunProgress now) {
    int done = now.done() - first.done();
    if (done == 0) {
      return "";
    }
    Duration time = Duration.between(first.at(), now.at());
    Duration left = time.multipliedBy(now.run().openSegments()).dividedBy(done);
    return ", about %s left"
        .formatted(DurationText.print(Duration.ofSeconds(left.toSeconds() + 1)));
  }

  /** Prints how a run stands. */
  void print(RunProgress progress) {
    Run run = progress.run();
    terminal.heading(
        "%s of %s, started %s"
            .formatted(title(run.kind()), control.stream().title(), run.startedAt()));
    terminal.line("  %d of %d segments done".formatted(progress.done(), run.parts()));
    List<String> counts = new ArrayList<>();
    progress.sums().forEach((count, sum) -> counts.add("%,d %s".formatted(sum, name(count))));
    if (!counts.isEmpty()) {
      terminal.line("  " + String.join(", ", counts));
    }
    progress
        .failures()
        .forEach(
            (reason, segments) ->
                terminal.bad("  %,d segments wait: %s".formatted(segments, reason)));
    progress.findings().stream()
        .limit(MOST_SHOWN)
        .forEach(
            finding ->
                terminal.line(
                    "  %s: %s%s"
                        .formatted(
                            name(finding.kind()),
                            finding.id(),
                            finding.detail().isEmpty() ? "" : " (" + finding.detail() + ")")));
    if (progress.found() > MOST_SHOWN) {
      terminal.line("  … and %,d more".formatted(progress.found() - MOST_SHOWN));
    }
    conclude(progress);
  }

  private void conclude(RunProgress progress) {
    Run run = progress.run();
    String index = control.stream().index();
    switch (run.state()) {
      case STOPPED ->
          terminal.line(
              "It is stopped. Go on: utsushi %s resume %s".formatted(command(run), options));
      case RUNNING -> {
        if (isSilent(progress)) {
          terminal.bad(
              "It makes no progress since %s. Mend the cause, then: utsushi %s resume %s"
                  .formatted(progress.lastProgress(), command(run), options));
        } else {
          terminal.line("It is running.");
        }
      }
      case FINISHED -> {
        switch (run.kind()) {
          case BACKFILL -> concludeBackfill(progress, index);
          case VERIFY -> concludeVerification(progress, index);
          case REINDEX -> concludeReindex(progress, index);
          case PURGE ->
              terminal.good(
                  "%s: %,d tombstones are deleted".formatted(index, progress.sum(Count.PURGED)));
        }
      }
    }
  }

  private void concludeBackfill(RunProgress progress, String index) {
    if (progress.isGood()) {
      terminal.good(index + ": every item is in the index");
    } else {
      terminal.bad(index + ": the engine rejected some items");
    }
    terminal.line("Next: utsushi verify " + options);
  }

  private void concludeReindex(RunProgress progress, String index) {
    if (progress.isGood()) {
      terminal.good(index + ": table and new index are equal");
      terminal.line("Next: utsushi reindex cut-over " + options);
    } else {
      terminal.bad(
          "%s: table and new index differ in %,d places. Mend the cause, then: utsushi reindex start %s"
              .formatted(index, progress.found() - progress.sum(Count.REPAIRED), options));
    }
  }

  /** Returns the options that select the stream, to suggest the next command with. */
  String options() {
    return options;
  }

  private void concludeVerification(RunProgress progress, String index) {
    if (!progress.isGood()) {
      terminal.bad(
          "%s: table and index differ in %,d places. Mend them: utsushi verify --repair %s"
              .formatted(index, progress.found() - progress.sum(Count.REPAIRED), options));
    } else if (progress.found() == 0) {
      terminal.good(index + ": table and index are equal");
    } else {
      terminal.good(index + ": every difference is repaired");
    }
  }

  private void write(RunProgress progress, @Nullable Path given) {
    if (progress.findings().isEmpty()) {
      return;
    }
    Path file = given == null ? Path.of(defaultFile(progress.run())) : given;
    List<String> lines = progress.findings().stream().map(DeadLetterJson::write).toList();
    try {
      Files.write(file, lines);
      terminal.line("The ids are in " + file);
    } catch (IOException e) {
      throw OperationException.failed("can't write " + file, e);
    }
  }

  private static String defaultFile(Run run) {
    String time = run.startedAt().toString().replaceAll("[-:]|\\..*", "");
    return command(run) + "-" + time + ".jsonl";
  }

  private static String command(Run run) {
    return switch (run.kind()) {
      case BACKFILL -> "backfill";
      case VERIFY -> "verify";
      case REINDEX -> "reindex";
      case PURGE -> "tombstones purge";
    };
  }

  private static String title(Kind kind) {
    return switch (kind) {
      case BACKFILL -> "Backfill";
      case VERIFY -> "Verification";
      case REINDEX -> "Reindex";
      case PURGE -> "Purge of the tombstones";
    };
  }

  private static String name(Count count) {
    return count.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
