package dev.utsushi.infra.settings;

import java.util.Collection;
import java.util.stream.Collectors;

/** Writes {@code docs/settings.md}: the schema as tables. */
final class SettingsPage {
  static final String EXAMPLE =
      """
      search:
        newDomain: {}
      streams:
        - index: activity-logs
          table:
            create:
              partitionKey: dealId
              sortKey: actionKey
      """;

  private static final String INTRODUCTION =
      """
      # Settings

      <!-- Generated from utsushi.schema.json by SettingsPageTest, which says how. -->

      [`infra/utsushi.yaml`](../infra/utsushi.yaml) describes one stack: a search cluster, and for each table a stream
      and an index. Another file is given with `npx cdk deploy -c config=production.yaml`. The smallest file that creates
      all it needs:

      ```yaml
      %s```

      `npx cdk synth` checks the file and reports all mistakes at once, each with its line, before anything is deployed.
      Editors that know the YAML language server complete and check the keys by the
      [JSON Schema](../infra/src/main/resources/utsushi.schema.json) that the first line of `utsushi.yaml` names.

      Streams share settings through `defaults`, or through YAML's anchors, aliases and merge keys: `<<: *name` adds the keys of the
      section at `&name` that a section does not have itself; `<<: [*one, *two]` adds those of several, of which the first wins.
      """;

  private final StringBuilder page = new StringBuilder(INTRODUCTION.formatted(EXAMPLE));

  private SettingsPage() {}

  static String text() {
    SettingsPage page = new SettingsPage();
    page.section("Top level", "", SchemaPart.FILE);
    return page.page.toString();
  }

  private void section(String title, String path, SchemaPart part) {
    page.append("\n## ").append(title).append("\n\n");
    if (!part.description().isEmpty()) {
      page.append(part.description()).append("\n\n");
    }
    if (path.equals("defaults")) {
      page.append(
          "The keys are those of `streams[]`, except `index`, `table`, `mapping` and `targets`.\n");
      return;
    }
    if (path.equals("streams[].consumers[]")) {
      consumer(part, SchemaPart.FILE.key("streams").item());
      return;
    }
    rows(part.keys(), part);
    for (String key : part.keys()) {
      SchemaPart value = part.key(key);
      boolean list = value.isA("array");
      SchemaPart section = list ? value.item() : value;
      if (!section.keys().isEmpty()) {
        String inner = (path.isEmpty() ? key : path + '.' + key) + (list ? "[]" : "");
        section('`' + inner + '`', inner, section);
      }
    }
  }

  private void consumer(SchemaPart consumer, SchemaPart stream) {
    page.append(
        "The keys are those of `streams[]`, except %s, and instead of `index` these:\n\n"
            .formatted(
                stream.keys().stream()
                    .filter(key -> !consumer.keys().contains(key))
                    .map(key -> '`' + key + '`')
                    .collect(Collectors.joining(", "))));
    rows(consumer.keys().stream().filter(key -> !stream.keys().contains(key)).toList(), consumer);
  }

  private void rows(Collection<String> keys, SchemaPart section) {
    page.append("| key | meaning | rule | default |\n| --- | --- | --- | --- |\n");
    keys.forEach(key -> row(key, section));
  }

  private void row(String key, SchemaPart section) {
    SchemaPart value = section.key(key);
    page.append(
        "| `%s` | %s | %s | %s |\n"
            .formatted(
                key, escaped(value.description()), escaped(rule(value)), fallback(key, section)));
  }

  private static String rule(SchemaPart value) {
    if (value.isA("array")) {
      return value.item().keys().isEmpty()
          ? "a list; each " + value.item().rule()
          : "a list, see below";
    }
    return value.keys().isEmpty()
        ? value.rule().replaceFirst("^must be ", "")
        : "a section, see below";
  }

  private static String fallback(String key, SchemaPart section) {
    String value = section.key(key).json().path("default").asText();
    boolean required =
        section.json().path("required").valueStream().anyMatch(name -> name.asText().equals(key));
    return required ? "required" : value.isEmpty() ? "" : '`' + value + '`';
  }

  private static String escaped(String text) {
    return text.replaceAll("([\\\\|*_<>#])", "\\\\$1");
  }
}
