package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class UtsushiTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          demo --rat 5         | utsushi demo: Unknown options: '--rat', '5'; did you mean --rate? (see utsushi demo --help)
          demo --rate x        | utsushi demo: Invalid value for option '--rate': 'x' is not an int (see utsushi demo --help)
          demo --rate          | utsushi demo: Missing required parameter for option '--rate' (N) (see utsushi demo --help)
          demo --factor 11     | utsushi demo: --factor takes 1 to 10, not 11 (see utsushi demo --help)
          demo --outbox --factor 2    | utsushi demo: --outbox takes no --factor (see utsushi demo --help)
          demo --outbox --seconds 11  | utsushi demo: --outbox takes at least 12 --seconds (see utsushi demo --help)
          demo --batch-size 0  | utsushi demo: --batch-size takes 1 to 10000, not 0 (see utsushi demo --help)
          demo --seconds 0     | utsushi demo: --seconds takes 1 to 3600, not 0 (see utsushi demo --help)
          demo --consumers 3   | utsushi demo: --consumers takes 1 to 2, not 3 (see utsushi demo --help)
          chaos --seconds 4    | utsushi chaos: --seconds takes 5 to 600, not 4 (see utsushi chaos --help)
          chaos --rate 201     | utsushi chaos: --rate takes 1 to 200, not 201 (see utsushi chaos --help)
          chaos --targets 4    | utsushi chaos: --targets takes 1 to 3, not 4 (see utsushi chaos --help)
          chaos --targets 3 --consumer worker | utsushi chaos: --targets needs --consumer function (see utsushi chaos --help)
          chaos --seeds 1-20   | utsushi chaos: --seeds takes A..B, for example 1..20, without --seed (see utsushi chaos --help)
          chaos --seeds 1..2 --seed 1 | utsushi chaos: --seeds takes A..B, for example 1..20, without --seed (see utsushi chaos --help)
          chaos --seeds 2..1   | utsushi chaos: --seeds takes 1 to 1000 seeds, the lower first (see utsushi chaos --help)
          chaos --report none/r.txt | utsushi chaos: --report: can't write to none/r.txt (see utsushi chaos --help)
          up                   | utsushi up: Missing required option: '--template=FILE' (see utsushi up --help)
          up --template t --table a=b:X | utsushi up: a key is NAME or NAME:TYPE with type S, N or B, not 'b:X' (see utsushi up --help)
          template --config t.yaml --out d    | utsushi template: --config: t.yaml can't be read (see utsushi template --help)
          template --config pom.xml --out pom.xml | utsushi template: --out: pom.xml is not a directory (see utsushi template --help)
          template --config pom.xml --out src/main/java | utsushi template: --out: src/main/java holds another file: dev (see utsushi template --help)
          template --config pom.xml --out d --deployed t.json | utsushi template: --deployed: t.json can't be read (see utsushi template --help)
          dlq list             | utsushi dlq list: give --stack NAME for a deployed stack, or --local for the pipeline on this machine (see utsushi dlq list --help)
          dlq list --local --stack s | utsushi dlq list: --local goes with neither --stack, --region nor --profile (see utsushi dlq list --help)
          dlq list --local --max 0   | utsushi dlq list: --max takes 1 to 100000, not 0 (see utsushi dlq list --help)
          dlq list --local id        | utsushi dlq list: Unmatched argument at index 3: 'id' (see utsushi dlq list --help)
          dlq replay --local --rate fast    | utsushi dlq replay: --rate takes records per second like 50/s, not fast (see utsushi dlq replay --help)
          dlq replay --local --rate 0/s     | utsushi dlq replay: --rate takes records per second like 50/s, not 0/s (see utsushi dlq replay --help)
          dlq replay --local --older-than 1 | utsushi dlq replay: --older-than takes a time like 90s, 10m, 1h or 2d, not 1 (see utsushi dlq replay --help)
          dlq replay --local --max 0        | utsushi dlq replay: --max takes 1 to 100000, not 0 (see utsushi dlq replay --help)
          backfill start --local --segments 0      | utsushi backfill start: --segments takes 1 to 100000, not 0 (see utsushi backfill start --help)
          backfill start --local --segments -1     | utsushi backfill start: --segments takes 1 to 100000, not -1 (see utsushi backfill start --help)
          backfill start --local --segments 100001 | utsushi backfill start: --segments takes 1 to 100000, not 100001 (see utsushi backfill start --help)
          reindex start --local --segments 1000001 | utsushi reindex start: --segments takes 1 to 100000, not 1000001 (see utsushi reindex start --help)
          verify --local --segments many           | utsushi verify: Invalid value for option '--segments': 'many' is not an int (see utsushi verify --help)
          verify --local --segments 9999999999     | utsushi verify: Invalid value for option '--segments': '9999999999' is not an int (see utsushi verify --help)
          verify --local --segments 10001 --sample 1% | utsushi verify: --segments 10001 of a sample of 1% would divide the table into more than 1000000 segments, which DynamoDB does not take: give fewer segments or a larger sample (see utsushi verify --help)
          dlq purge --local --json          | utsushi dlq purge: purge asks a question, which a script can't answer: give --yes with --json (see utsushi dlq purge --help)
          dlq show --local=none.json abc    | utsushi dlq show: no local AWS is running here (there is no none.json); start one with utsushi demo --keep, or utsushi up --template FILE
          dmeo                 | utsushi: Unmatched argument at index 0: 'dmeo'; did you mean demo? (see utsushi --help)
          dlq lst              | utsushi dlq: Unmatched argument at index 1: 'lst'; did you mean list? (see utsushi dlq --help)
          dem                  | utsushi: Unmatched argument at index 0: 'dem'; did you mean demo? (see utsushi --help)
          """)
  void wrongUsageIsOneLineAndExitCodeTwo(String arguments, String line) {
    assertThat(run(arguments.strip().split(" "))).isEqualTo(2);
    assertThat(err.toString()).isEqualTo(line + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpHasExamplesAndExitCodes() {
    assertThat(run("demo", "--help")).isZero();
    assertThat(out.toString()).contains("--rate", "Exit codes:", "130", "Examples:");
  }

  @Test
  void theHelpOfDeadLettersHasExitCodesAndTheFieldsOfItsJson() {
    for (String command : new String[] {"list", "show", "replay", "purge"}) {
      assertThat(run("dlq", command, "--help")).isZero();
      assertThat(out.toString()).contains("--local[=FILE]", "Exit codes:", "JSON: ", "Examples:");
    }
  }

  @Test
  void everyCommandHasItsTextsAndEveryTextItsCommand() {
    var texts = ResourceBundle.getBundle("dev.utsushi.cli.help");
    assertThat(commands(Utsushi.commandLine()).flatMap(UtsushiTest::textsOf))
        .containsExactlyInAnyOrderElementsOf(texts.keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--debug", "--region", "--profile"})
  void anOptionOfEveryCommandAtAwsIsDeclaredOnce(String name) {
    var words = Set.of("write only JSON", "show stack traces", "AWS region", "AWS profile");
    assertThat(
            commands(Utsushi.commandLine())
                .map(command -> command.getCommandSpec().findOption(name))
                .filter(Objects::nonNull)
                .filter(it -> words.stream().anyMatch(it.description()[0]::startsWith)))
        .hasSizeGreaterThan(1)
        .extracting(OptionSpec::userObject)
        .satisfies(fields -> assertThat(Set.copyOf(fields)).hasSize(1));
  }

  private static Stream<CommandLine> commands(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(UtsushiTest::commands));
  }

  /** Returns the names of the texts that the help of a command takes from the bundle. */
  private static Stream<String> textsOf(CommandLine command) {
    var spec = command.getCommandSpec();
    var usage = spec.usageMessage();
    assertThat(usage.header()).as(spec.name()).hasSize(spec.parent() == null ? 0 : 1);
    assertThat(usage.description()).as(spec.name()).hasSize(1);
    boolean runs = spec.userObject() instanceof UtsushiCommand;
    assertThat(usage.exitCodeList().isEmpty()).as(spec.name()).isNotEqualTo(runs);
    List<String> names = new ArrayList<>(List.of("footer"));
    if (spec.parent() != null) {
      names.add("description");
    }
    for (int i = 0; i < usage.exitCodeList().size(); i++) {
      names.add("exitCodeList." + i);
    }
    return names.stream().map(name -> spec.qualifiedName(".") + ".usage." + name);
  }

  @Test
  void aTemplateThatIsRefusedIsItsProblemsAndExitCodeThree(@TempDir Path directory)
      throws IOException {
    Path template =
        Files.writeString(
            directory.resolve("Stack.template.json"),
            """
            {"Resources": {
              "Bus": {"Type": "AWS::Events::EventBus"},
              "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}}}
            """);

    assertThat(run("up", "--template", template.toString())).isEqualTo(3);
    assertThat(err.toString().lines())
        .containsExactly(
            "Bus has a type that is not supported: AWS::Events::EventBus",
            "Queue.Colour is not supported");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTemplateThatIsNotThereIsOneLineAndExitCodeThree() {
    assertThat(run("up", "--template", "gone.json")).isEqualTo(3);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("gone.json can't be read");
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("Examples:", "demo");
  }

  @Test
  void version() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("utsushi ");
  }

  private int run(String... arguments) {
    return Utsushi.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
