package dev.utsushi.cli;

import dev.utsushi.cli.load.StackClean;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.StackSelector;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code utsushi load clean}. */
@Command(name = "clean", header = "Deletes the items that a killed load test left in a table.")
final class LoadCleanCommand extends UtsushiCommand {
  @Parameters(
      paramLabel = "RUN",
      arity = "0..*",
      description = "the ids of the tests; all tests if there are none")
  private List<String> runs = List.of();

  @Mixin private StackOptions stack = new StackOptions();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "deletions per second, 1 to 2000 (default: ${DEFAULT-VALUE})")
  private int rate = 50;

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Mixin private AnswerOptions answer = new AnswerOptions();

  @Override
  Terminal newTerminal() {
    return answer.terminal();
  }

  @Override
  public Integer call() throws InterruptedException {
    inRange("--rate", rate, 1, 2000);
    if (answer.isJson() && !yes) {
      throw wrong("clean asks a question, which a script can't answer: give --yes with --json");
    }
    StackSelector selector = valid(stack::selector);
    List<String> ids = runs.stream().map(run -> run.replaceFirst("^utsushi-load-", "")).toList();
    var result = new StackClean(selector, ids, rate, !yes, terminal()).run();
    answer.give(result, () -> {});
    return result.isClean() ? OK : DIFFERENT;
  }
}
