package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.generator.WriteTimes;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.loadtest.units.DurationText;

/** How it goes, in a line short enough for a terminal of 120 columns. */
final class LiveView {
  private static final int BAR = 20;

  private final LoadRequest request;
  private final WritePlan plan;
  private final WriteTimes times;
  private final RunRecorder recorder;
  private final Terminal terminal;

  LiveView(
      LoadRequest request,
      WritePlan plan,
      WriteTimes times,
      RunRecorder recorder,
      Terminal terminal) {
    this.request = request;
    this.plan = plan;
    this.times = times;
    this.recorder = recorder;
    this.terminal = terminal;
  }

  void show() {
    long now = recorder.now();
    int written = times.acknowledgedCount();
    int indexed = recorder.indexedCount();
    boolean writing = now < plan.endNanos();
    double done =
        writing ? (double) now / plan.endNanos() : (double) indexed / Math.max(1, written);
    terminal.status(
        "%s %s %s %s; written %,d, indexed %,d, behind %,d; p50/p99 so far %s/%s"
            .formatted(
                request.name(),
                bar(done),
                writing ? "writing" : "waiting for the last",
                time(now),
                written,
                indexed,
                Math.max(0, written - indexed),
                DurationText.print(recorder.percentileSoFar(50)),
                DurationText.print(recorder.percentileSoFar(99))));
  }

  private String time(long now) {
    return "%d/%d s".formatted(now / 1_000_000_000L, plan.endNanos() / 1_000_000_000L);
  }

  static String bar(double done) {
    int full = Math.clamp(Math.round(done * BAR), 0, BAR);
    return "[" + "█".repeat(full) + "░".repeat(BAR - full) + "]";
  }
}
