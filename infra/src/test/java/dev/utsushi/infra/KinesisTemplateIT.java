package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.Template;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs stacks whose changes come from Kinesis, with the real function's jar. */
class KinesisTemplateIT {
  private static final String SETTINGS =
      """
      stack: kinesis
      search: {newDomain: {instanceType: t3.small.search, dataNodes: 2, volumeGib: 20}}
      streams:
        - index: deals
          table: {create: {partitionKey: id}}
          source: kinesis
          kinesis: {since: 2026-11-01T00:00:00.000%s}
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", ", shards: 2, retentionHours: 48, enhancedFanOut: true"})
  void aChangeReachesTheIndexThroughKinesis(String kinesis) throws Exception {
    Path output = SynthesizedStack.synthesize(directory, SETTINGS.formatted(kinesis));
    Template template = Template.read(output.resolve("kinesis.template.json"));
    try (var aws = LocalAws.start();
        var running = RunningTemplate.start(aws, template, Bindings.none());
        var checks = new ReplicationChecks(running)) {
      var mapping = running.parts(RunningTemplate.Mapping.class).getFirst();
      assertThat(mapping.source().streamArn()).startsWith("arn:aws:kinesis:");
      checks.aChangeReachesTheIndex("deals");
    }
  }
}
