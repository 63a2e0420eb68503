package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The template of a stack, from the launcher to the app in infra. */
class TemplateCommandIT {
  private static final String SETTINGS =
      """
      search:
        newDomain: { name: first }
      streams:
        - index: deals
          table: { create: { partitionKey: id } }
      """;

  @TempDir private Path directory = Path.of("");

  @Test
  void writesATemplateAndComparesItWithTheDeployedOne() throws Exception {
    Path config = Files.writeString(directory.resolve("deals.yaml"), SETTINGS);
    Path out = directory.resolve("stack");
    try (var first = template(config, out)) {
      assertThat(first.exitCode()).as(String.join("\n", first.lines())).isZero();
      assertThat(first.lines()).anyMatch(line -> line.contains("aws cloudformation package"));
    }
    Path deployed = Files.copy(out.resolve("template.json"), directory.resolve("deployed.json"));

    Files.writeString(config, SETTINGS.replace("first", "second"));
    try (var second = template(config, out, "--deployed", deployed.toString())) {
      assertThat(second.exitCode()).as(String.join("\n", second.lines())).isEqualTo(1);
      assertThat(second.lines()).anyMatch(line -> line.contains("since DomainName changes"));
    }

    Files.writeString(config, SETTINGS.replace("partitionKey", "partKey"));
    try (var third = template(config, out)) {
      assertThat(third.exitCode()).isEqualTo(2);
      assertThat(third.lines())
          .contains(config + " is invalid:")
          .anyMatch(line -> line.startsWith("  line 5: streams[0].table.create.partKey is an"));
    }
  }

  private static LaunchedCommand template(Path config, Path out, String... more) throws Exception {
    String[] arguments = {"template", "--config", config.toString(), "--out", out.toString()};
    return new LaunchedCommand(
        Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new));
  }
}
