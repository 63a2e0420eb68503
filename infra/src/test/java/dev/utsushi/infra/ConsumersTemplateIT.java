package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.Template;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a stack whose stream has more consumers, with the real function's jar. */
class ConsumersTemplateIT {
  private static final String SETTINGS =
      """
      stack: consumers
      search: {newDomain: {instanceType: t3.small.search, dataNodes: 2, volumeGib: 20}}
      streams:
        - index: deals
          table: {create: {partitionKey: id}}
          source: kinesis
          kinesis: {since: 2026-11-01T00:00:00.000}
          consumers:
            - index: deals-by-owner
              parallelizationFactor: 2
            - functionArn: arn:aws:lambda:eu-central-1:123456789012:function:notify
              roleArn: arn:aws:iam::123456789012:role/notify
      """;

  @TempDir private Path directory;

  @Test
  void aChangeReachesBothIndexes() throws Exception {
    Path output = SynthesizedStack.synthesize(directory, SETTINGS);
    Template template = Template.read(output.resolve("consumers.template.json"));
    try (var aws = LocalAws.start();
        var running = RunningTemplate.start(aws, template, Bindings.none());
        var checks = new ReplicationChecks(running)) {
      // The function is not here, so that nothing invokes it.
      assertThat(running.parts(RunningTemplate.Mapping.class))
          .extracting(mapping -> mapping.source().streamArn())
          .hasSize(2);
      String id = checks.put("deals");
      checks.isInTheIndex("deals", id);
      checks.isInTheIndex("deals-by-owner", id);
    }
  }
}
