package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --rate 0 --invocation 40ms          | a rate must be above 0
          --rate -5 --invocation 40ms         | '-5' is not a rate such as 63, 63/30s or 20..200/60s
          --rate many --invocation 40ms       | 'many' is not a rate such as 63, 63/30s or 20..200/60s
          --rate 99999/24h --invocation 40ms  | 99999/86400s is 8,640,913,590 writes; a simulation takes at most 10,000,000
          --invocation 40ms                   | --rate is missing: writes per second
          --rate 63                           | give --invocation or --load-result, and not both
          --rate 63 --invocation -40ms        | Invalid value for option '--invocation': '-40ms' is not a duration such as 40ms or 1.5s
          --rate 63 --invocation 0ms          | Invalid value for option '--invocation': time of an invocation must be above 0
          --rate 63 --invocation p50=9ms,p99=3ms | Invalid value for option '--invocation': p99 of an invocation must not be below its p50
          --rate 63 --invocation 40ms --factor 11       | factor must be 1 to 10, not 11
          --rate 63 --invocation 40ms --batch-size 20000 | batch size must be 1 to 10000, not 20000
          --rate 63 --invocation 40ms --batch-sizes 1,x | Invalid value for option '--batch-sizes' (N): 'x' is not an int
          --rate 63 --invocation 40ms --shards 0        | shards must be 1 to 1000, not 0
          --rate 63 --invocation 40ms --target 1s       | Invalid value for option '--target': '1s' is not a target such as p99=1s or max=5s
          --rate 63 --invocation 40ms --keys hot        | Invalid value for option '--keys': 'hot' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05
          --rate 63 --invocation 40ms --window 301s     | window in ms must be 0 to 300000, not 301000
          --rate 63 --invocation 40ms --memory 64       | memory must be 128 to 10240 MiB, not 64
          --rate 63 --invocation 40ms --failures 2      | the share of failures must be 0 to 1, not 2.0
          --rate 63 --invocation 40ms --consumers 0     | --consumers must be 1 or more, not 0
          --rate 63 --invocation 40ms --seconds 0       | --seconds must be 1 to 3600, not 0
          --rate 63 --invocation 40ms --concurrency 0   | concurrency must be 1 to 100000, not 0
          --rate 63 --invocation 40ms --poll-interval 0s | poll interval must be above 0
          --rate 63 --invocation 40ms --prices gone     | cannot read gone
          --rate 63 --load-result gone                  | gone can't be read
          --rate 63 --invocation 40ms --backfill 0      | --backfill takes 1 item or more, --item-bytes 1 to 409,600, --read-capacity 0 or more
          --rate 63 --invocation 40ms --backfill 9 --item-bytes 409601 | --backfill takes 1 item or more, --item-bytes 1 to 409,600, --read-capacity 0 or more
          --rate 63 --invocation 40ms --backfill 9223372036854775807   | no table is that large
          --rate 63 --invocation 40ms --arrivals often  | Invalid value for option '--arrivals': expected one of [CONSTANT, POISSON] (case-insensitive) but was 'often'
          --rate 63 --invocation 40ms --load-result x   | give --invocation or --load-result, and not both
          --scenario activity-log --rate 63             | --scenario cannot be combined with --rate or --json
          --scenario other                              | unknown scenario 'other': must be activity-log
          """)
  void wrongUsageIsOneLineAndExitCodeTwo(String arguments, String message) {
    assertThat(run(arguments.strip().split(" +"))).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "utsushi plan: " + message + " (see utsushi plan --help)" + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aPlanPrintsTheSettingsForTheFile() {
    assertThat(run("--rate", "200", "--invocation", "40ms", "--factors", "1,10", "--details"))
        .isZero();
    assertThat(out.toString())
        .contains(
            "target 1,000",
            "behind",
            "Recommended: factor 1 with batch size 100",
            "    parallelizationFactor: 1",
            "    batchSize: 100",
            "With one change per invocation",
            "replay for 24 hours",
            "us-east-1, looked up 2026-11-21",
            "Simulated 12 settings in");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aPlanSaysUpToWhichRateWhichStreamIsCheaper() {
    run("--rate", "200", "--invocation", "40ms", "--batch-size", "1");
    assertThat(out.toString())
        .contains("a poll every 250 ms", "Cheaper: DynamoDB Streams", "up to 240 changes/s");
    out.getBuffer().setLength(0);
    run("--rate 900 --invocation 40ms --source kinesis --shards 4 --target p99=2s".split(" "));
    assertThat(out.toString())
        .contains(
            "4 shards, a poll every 1.00 s",
            "A shard of Kinesis takes 1,000 changes/s",
            "Kinesis Data Streams: with 1 shard for this traffic it costs",
            "Recommended:");
  }

  @Test
  void aBackfillIsBoundByItsWorkersOrItsReads() throws IOException {
    String arguments = "--rate 63 --invocation 40ms --factor 3 --backfill 1000000";
    assertThat(run((arguments + " --item-bytes 4096").split(" "))).isZero();
    assertThat(out.toString())
        .contains("Backfill of 1,000,000 items, 4,096 MB: 1,000,000 read units ($0.13 on demand");
    out.getBuffer().setLength(0);
    run((arguments + " --read-capacity 100 --json").split(" "));
    JsonNode backfill = new ObjectMapper().readTree(out.toString()).path("backfill");
    assertThat(backfill.path("readUnits").asLong()).isEqualTo(250_000);
    assertThat(backfill.path("seconds").asLong()).isEqualTo(2_500);
  }

  @Test
  void ifNoSettingMeetsTheTargetThePlanSaysWhyAndExitsWithOne() {
    assertThat(run("--rate", "200", "--invocation", "40ms", "--target", "p99=100ms")).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "No setting has a p99 of 100 ms",
            "Reason: with every setting, a change waits up to 305 ms");
  }

  @Test
  void aHotItemIsNamedAsTheReason() {
    assertThat(
            run(
                "--rate 200 --invocation 40ms --batch-size 1 --keys hot:100000,0.3 --consumers 3"
                    .split(" ")))
        .isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "All settings fall behind", "all its changes take one lane", "two per shard, not 3");
  }

  @Test
  void theSameSeedGivesTheSameJsonAndAnotherSeedAnother() throws IOException {
    String[] arguments = "--rate 63 --invocation 40ms --factor 3 --json --seed 7".split(" ");
    assertThat(run(arguments)).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    run(arguments);
    assertThat(out.toString()).isEqualTo(first);
    out.getBuffer().setLength(0);
    arguments[arguments.length - 1] = "8";
    run(arguments);
    assertThat(out.toString()).isNotEqualTo(first);

    JsonNode plan = new ObjectMapper().readTree(first);
    assertThat(plan.path("settings")).hasSize(6);
    assertThat(plan.path("recommended").path("verdict").asText()).isEqualTo("meets_target");
    JsonNode single = plan.path("settings").path(0);
    assertThat(single.path("batchSize").asInt()).isEqualTo(1);
    assertThat(single.path("laneUse")).hasSize(3);
    assertThat(single.path("lagMillis").path("p50").asDouble()).isBetween(250.0, 400.0);
    assertThat(single.path("capacityPerSecond").asDouble()).isBetween(65.0, 75.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plan.json      | 0 | --rate 63 --invocation 40ms --factor 3 --batch-sizes 1,10 --seed 7
          plan-none.json | 1 | --rate 63 --invocation 40ms --factor 3 --batch-size 1 --target max=200ms --refresh 1s --keys hot:1000,0.1
          """)
  void theJsonHasItsKeysInTheirOrderAndASeedItsFigures(String file, int exit, String arguments)
      throws IOException {
    assertThat(run((arguments + " --json").split(" "))).isEqualTo(exit);
    try (var golden = getClass().getResourceAsStream(file)) {
      assertThat(golden).isNotNull();
      assertThat(out.toString())
          .isEqualToNormalizingNewlines(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aLoadResultGivesTheTimeOfAnInvocation(@TempDir Path directory) throws IOException {
    Path result = directory.resolve("load.json");
    Files.writeString(result, "{\"invocation\":{\"records\":1,\"percentilesMillis\":{\"50\":40}}}");
    run("--rate", "63", "--load-result", result.toString(), "--json", "--factor", "3");
    String measured = out.toString();
    out.getBuffer().setLength(0);
    run("--rate", "63", "--invocation", "40ms", "--json", "--factor", "3");
    JsonNode given = new ObjectMapper().readTree(out.toString());
    assertThat(new ObjectMapper().readTree(measured).path("invocationMeanMillis"))
        .isEqualTo(given.path("invocationMeanMillis"));
  }

  @Test
  void theScenarioPrintsPublishedBesidePredictedResults() {
    assertThat(run("--scenario", "activity-log")).isZero();
    assertThat(out.toString().lines().filter(line -> line.contains("below 1 s on average")))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("keeps up"));
    assertThat(out.toString().lines().filter(line -> line.contains("falling behind by more")))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("changes behind"));
    assertThat(out.toString()).contains("chosen because they fit");
  }

  @Test
  void helpHasExamplesAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--per-record", "Exit codes:", "Examples:");
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "plan";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Utsushi.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
