package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --factor 3                              | --rate is missing: writes per second
          --rate 0                                | a rate must be above 0
          --rate many                             | 'many' is not a rate such as 63, 63/30s or 20..200/60s
          --rate 3000                             | --rate must be at most 2000 writes per second here, not 3000
          --rate 500 --seconds 3600               | 500/3600s is 1,800,000 writes; a load test takes at most 500,000
          --rate 63 --seconds 0                   | --seconds must be 1 to 3600, not 0
          --rate 63 --factor 11                   | --factor takes 1 to 10, not 11
          --rate 63 --factor 0                    | --factor takes 1 to 10, not 0
          --rate 63 --shards 2                    | --shards needs --source kinesis
          --rate 63 --source kinesis --shards 11  | --shards takes 1 to 10, not 11
          --rate 63 --source kafka                | Invalid value for option '--source': expected one of [DYNAMODB, KINESIS] (case-insensitive) but was 'kafka'
          --rate 63 --consumer lambda             | Invalid value for option '--consumer': expected one of [FUNCTION, WORKER] (case-insensitive) but was 'lambda'
          --rate 63 --targets 0                   | --targets takes 1 to 10, not 0
          --rate 63 --targets 2 --consumer worker | --targets needs --consumer function
          --rate 63 --consumer worker --window 1s | --consumer worker takes no --window, --invocation and --invoke-overhead
          --scenario validate --consumer worker   | --scenario is for the function: --consumer worker goes with one test
          --rate 5 --local --yes --consumer worker | --consumer does not go with a stack: the deployed setting is measured
          --rate 5 --local --yes --source kinesis | --source does not go with a stack: the deployed setting is measured
          --rate 63 --batch-size 10001            | --batch-size takes 1 to 10000, not 10001
          --rate 63 --window 1500ms               | --window takes whole seconds from 0s to 300s, not 1.50 s
          --rate 63 --window 301s                 | --window takes whole seconds from 0s to 300s, not 301 s
          --rate 63 --invoke-overhead 20          | Invalid value for option '--invoke-overhead': '20' is not a duration such as 40ms or 1.5s
          --rate 63 --invocation 40               | Invalid value for option '--invocation': '40' is not a duration such as 40ms or 1.5s
          --rate 63 --invocation 11s              | --invocation takes 0ms to 10s, not 11 s
          --rate 63 --search-rtt 11s              | --search-rtt takes 0ms to 10s, not 11 s
          --rate 63 --warm-up 6m                  | --warm-up takes 0s to 5m, not 360 s
          --rate 63 --keys hot                    | Invalid value for option '--keys': 'hot' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05
          --rate 63 --mix 0,1,1                   | Invalid value for option '--mix': a mix needs at least one part of inserts
          --rate 63 --mix all                     | Invalid value for option '--mix': 'all' is not a mix of inserts, updates and deletes such as 70,22,8
          --rate 63 --item-size 1MB               | Invalid value for option '--item-size': '1MB' is not a size in bytes such as 2000 or 500..8000
          --rate 63 --item-size 400000            | Invalid value for option '--item-size': an item must be 0 to 390,000 bytes, not 400000 to 400000
          --rate 63 --arrivals often              | Invalid value for option '--arrivals': expected one of [CONSTANT, POISSON] (case-insensitive) but was 'often'
          --rate 5 --stack s --yes --factor 3     | --factor does not go with a stack: the deployed setting is measured
          --rate 5 --stack s --yes --batch-size 1 | --batch-size does not go with a stack: the deployed setting is measured
          --rate 5 --local --yes --window 1s      | --window does not go with a stack: the deployed setting is measured
          --rate 5 --local --yes --targets 2      | --targets does not go with a stack: the deployed setting is measured
          --rate 5 --local --yes --search-rtt 1ms | --search-rtt does not go with a stack: the deployed setting is measured
          --rate 5 --local --yes --invocation 1ms | --invocation does not go with a stack: the deployed setting is measured
          --rate 5 --local --yes --invoke-overhead 1ms | --invoke-overhead does not go with a stack: the deployed setting is measured
          --rate 5 --local --yes --warm-up 5s     | --warm-up does not go with a stack: cold starts of a deployed function count
          --rate 5 --local --yes --mix 1,1,1      | --mix does not go with a stack: the test only writes new items
          --rate 5 --local --yes --keys hot:9,0.5 | --keys does not go with a stack: the test only writes new items
          --scenario validate --local --yes       | --scenario does not go with a stack: its settings are for the embedded pipeline
          --rate 5 --local --stack s              | --local goes with neither --stack, --region nor --profile
          --rate 5 --stream deals                 | give --stack NAME for a deployed stack, or --local for the pipeline on this machine
          --rate 5 --yes                          | give --stack NAME for a deployed stack, or --local for the pipeline on this machine
          --rate 0 --local --yes                  | a rate must be above 0
          --local --yes                           | --rate is missing: writes per second
          --rate 5 --local                        | load asks before it writes to a real table: give --yes if there is no terminal
          --scenario other                        | there is no scenario 'other', only activity-log and validate
          --scenario activity-log --rate 63       | --scenario has its own --rate, --factor and --batch-size
          --scenario validate --target p99=1s     | --target and --compare go with one test, not with --scenario
          --scenario validate --compare l.json    | --target and --compare go with one test, not with --scenario
          --rate 63 --compare none.json           | none.json can't be read
          --rate 63 --compare pom.xml             | pom.xml is no load.json of one load test
          --rate 5 --local --yes --compare pom.xml | pom.xml is no load.json of one load test
          --scenario activity-log --factor 3      | --scenario has its own --rate, --factor and --batch-size
          --scenario activity-log --search-rtt x  | Invalid value for option '--search-rtt': 'x' is not a duration such as 40ms or 1.5s
          """)
  void wrongUsageIsOneLineAndExitCodeTwo(String arguments, String message) {
    assertThat(run(arguments.strip().split(" +"))).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "utsushi load: " + message + " (see utsushi load --help)" + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aMissingStackIsOneLineAndExitCodeTwo() {
    assertThat(run("--rate", "5", "--yes", "--local=none.json")).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("utsushi load: no local AWS is running here (there is no none.json)");
  }

  @Test
  void helpHasExamplesAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--search-rtt", "Exit codes:", "130", "Examples:");
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "load";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Utsushi.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
