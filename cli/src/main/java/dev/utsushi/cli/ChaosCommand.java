package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.faults.ChaosOptions;
import dev.utsushi.faults.ChaosReport;
import dev.utsushi.faults.ChaosRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code utsushi chaos}. */
@Command(
    name = "chaos",
    header = "Injects faults into the pipeline and checks that the index still equals the table.")
final class ChaosCommand extends UtsushiCommand {
  private static final int MOST_RUNS = 1000;
  private static final Pattern SEEDS = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "decides faults, times and writes (default: from the clock)")
  private @Nullable Long seed;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "run all of these seeds, one after the other, at most 1000")
  private @Nullable String seeds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "duration in seconds, 5 to 600 (default: ${DEFAULT-VALUE})")
  private int seconds = 30;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "writes per second, 1 to 200 (default: ${DEFAULT-VALUE})")
  private int rate = 40;

  @Mixin private SourceOptions source = new SourceOptions();

  @Option(
      names = "--targets",
      paramLabel = "N",
      description =
          "indexes that the table goes into, 1 to 3; with several, each shows the items of one type"
              + " (default: ${DEFAULT-VALUE})")
  private int targets = 1;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "write the whole report to this file; reports of several runs follow each other")
  private @Nullable Path report;

  @Option(
      names = "--debug",
      description =
          "show faults as they are injected, the function's log lines, and stack traces of"
              + " failures")
  private boolean debug;

  @Override
  public Integer call() throws IOException, InterruptedException {
    inRange("--seconds", seconds, 5, 600);
    inRange("--rate", rate, 1, 200);
    inRange("--targets", targets, 1, ChaosOptions.MOST_TARGETS);
    if (targets > 1 && source.workerJars().isPresent()) {
      throw wrong("--targets needs --consumer function");
    }
    List<Long> all = allSeeds();
    int shards = source.kinesisShards();
    createReport();
    Path jar = functionJar();
    int unfaithful = 0;
    Map<String, Long> faults = new LinkedHashMap<>();
    for (long each : all) {
      var options =
          new ChaosOptions(
              each, Duration.ofSeconds(seconds), rate, jar, shards, source.workerJars(), targets);
      ChaosReport result = ChaosRun.run(options, new Listener(terminal(), debug));
      print(result, all.size() > 1);
      result.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
      unfaithful += result.faithful() ? 0 : 1;
    }
    if (all.size() > 1) {
      ChaosReport.faultLines(faults).forEach(line -> terminal().line("  " + line));
      terminal().line("%,d runs, %,d of them not faithful".formatted(all.size(), unfaithful));
    }
    return unfaithful == 0 ? OK : DIFFERENT;
  }

  private record Listener(Terminal terminal, boolean debug) implements ChaosRun.Listener {
    @Override
    public void status(String text) {
      terminal.status(text);
    }

    @Override
    public void log(String line) {
      if (debug) {
        terminal.line(line);
      }
    }
  }

  private void print(ChaosReport result, boolean oneOfMany) throws IOException {
    if (report != null) {
      Files.write(report, result.lines(), StandardOpenOption.APPEND);
    }
    if (!oneOfMany || !result.faithful()) {
      result.lines().stream().skip(1).forEach(terminal()::line);
    }
    if (result.faithful()) {
      terminal().good(result.line());
    } else {
      terminal().bad(result.line());
    }
  }

  /** Fails before the run if the file can't be written. */
  private void createReport() {
    try {
      if (report != null) {
        Files.writeString(report, "");
      }
    } catch (IOException _) {
      throw wrong("--report: can't write to " + report);
    }
  }

  private List<Long> allSeeds() {
    if (seeds == null) {
      return List.of(seed == null ? System.currentTimeMillis() % 1_000_000 : seed);
    }
    Matcher range = SEEDS.matcher(seeds);
    if (!range.matches() || seed != null) {
      throw wrong("--seeds takes A..B, for example 1..20, without --seed");
    }
    long first = Long.parseLong(range.group(1));
    long last = Long.parseLong(range.group(2));
    if (last < first || last - first >= MOST_RUNS) {
      throw wrong("--seeds takes 1 to %d seeds, the lower first".formatted(MOST_RUNS));
    }
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
