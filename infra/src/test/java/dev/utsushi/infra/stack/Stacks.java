package dev.utsushi.infra.stack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.infra.settings.SettingsFile;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import dev.utsushi.infra.settings.StackSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.assertions.Template;

/** Creates stacks from settings, with the context that the CLI gives. */
public final class Stacks {
  private static final ObjectMapper JSON = new ObjectMapper();

  static final String SEARCH =
      """
      search: { newDomain: {} }
      """;
  static final String SECRET =
      """
      search:
        endpoint:
          url: https://search.example.com:9200
          auth: basic
          secretArn: arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf
      """;
  static final String EXISTING_DOMAIN =
      """
      search:
        existingDomain:
          arn: arn:aws:es:eu-central-1:123456789012:domain/search
          endpoint: https://search-search-abc.eu-central-1.es.amazonaws.com
      """;
  static final String VPC =
      """
      vpc:
        id: vpc-0123456789abcdef0
        subnets:
          - { id: subnet-0123456789abcdef0, availabilityZone: eu-central-1a }
          - { id: subnet-0123456789abcdef1, availabilityZone: eu-central-1b }
      """;
  static final String SECOND_CHANCE = "defaults: { secondChanceSeconds: 60 }\n";
  static final String SCHEDULES =
      "verify: { schedule: rate(1 day), readCapacity: 100 }, purge: { schedule: rate(7 days) }";
  static final String TOPIC = "alarmTopicArn: arn:aws:sns:eu-central-1:123456789012:on-call\n";
  static final String KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b-2c3d";
  static final String STREAMS =
      """
      streams:
        - index: activity-logs
          table: { create: { partitionKey: dealId, sortKey: actionKey } }
          parallelizationFactor: 3
        - index: deals
          table:
            existing:
              arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
              streamArn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026-11-01T00:00:00.000
              partitionKey: dealId
      """;

  private static final Map<String, Template> TEMPLATES = new HashMap<>();

  private Stacks() {}

  /** Returns the settings' template, which tests share. */
  public static Template template(String yaml) {
    return TEMPLATES.computeIfAbsent(yaml, it -> Template.fromStack(stack(it)));
  }

  /** A finding of cdk-nag fails the synthesis. */
  static UtsushiStack stack(String yaml) {
    return stack(yaml, context());
  }

  /** A finding of cdk-nag is only an annotation of the stack. */
  static UtsushiStack lenientStack(String yaml) {
    Map<String, Object> context = new HashMap<>(context());
    context.put("@aws-cdk/core:annotationsInValidationReport", false);
    return stack(yaml, context);
  }

  private static UtsushiStack stack(String yaml, Map<String, Object> context) {
    App app = App.Builder.create().context(context).build();
    return new UtsushiStack(app, settings(yaml), jar());
  }

  static Map<String, Object> context() {
    try {
      return JSON.convertValue(
          JSON.readTree(Path.of("cdk.json").toFile()).path("context"), new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is wrong with the settings. */
  static List<Problem> problems(String yaml) {
    return switch (read(yaml)) {
      case SettingsFile.Outcome.Read _ -> List.of();
      case SettingsFile.Outcome.Broken(List<Problem> problems) -> problems;
    };
  }

  private static StackSettings settings(String yaml) {
    return switch (read(yaml)) {
      case SettingsFile.Outcome.Read(StackSettings settings) -> settings;
      case SettingsFile.Outcome.Broken(List<Problem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private static SettingsFile.Outcome read(String yaml) {
    try {
      Path file = Files.createTempFile(Path.of("target"), "utsushi", ".yaml");
      Files.writeString(file, yaml);
      return SettingsFile.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Any file will do: templates name code by its digest. */
  static Path jar() {
    try {
      Path jar = Path.of("target/test-function/utsushi-function.jar");
      Files.createDirectories(jar.getParent());
      return Files.writeString(jar, "the function");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
