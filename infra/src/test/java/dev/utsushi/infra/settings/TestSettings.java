package dev.utsushi.infra.settings;

import dev.utsushi.infra.settings.SettingsFile.Outcome;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.nio.file.Path;
import java.util.List;

/** Parts of settings files, and what becomes of them. */
final class TestSettings {
  static final String ENDPOINT =
      """
      search:
        endpoint:
          url: https://search.example.com:9200
          auth: apikey
          secretArn: arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf
      """;
  static final String STREAMS =
      """
      streams:
        - index: deals
          table: { create: { partitionKey: dealId } }
      """;

  private TestSettings() {}

  static StackSettings read(String yaml) {
    return read(yaml, Path.of(""));
  }

  static StackSettings read(String yaml, Path directory) {
    return switch (SettingsFile.read(yaml, directory)) {
      case Outcome.Read(StackSettings settings) -> settings;
      case Outcome.Broken(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  static List<String> problems(String yaml) {
    return problems(yaml, Path.of(""));
  }

  static List<String> problems(String yaml, Path directory) {
    return switch (SettingsFile.read(yaml, directory)) {
      case Outcome.Read _ -> List.of();
      case Outcome.Broken(List<Problem> problems) ->
          problems.stream().map(problem -> problem.line() + ": " + problem.what()).toList();
    };
  }
}
