package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StackSettings;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.DefaultStackSynthesizer;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/** All streams, the cluster that they share, and one dashboard. */
public final class UtsushiStack extends Stack {

  /**
   * Creates the stack that the settings describe.
   *
   * @param functionJar the function's code
   */
  public UtsushiStack(Construct scope, StackSettings settings, Path functionJar) {
    super(scope, settings.stack(), properties(settings));
    Optional<Network> network =
        Optional.ofNullable(settings.vpc()).map(vpc -> Network.of(this, vpc));
    SearchTarget search = SearchTarget.of(this, settings, network);
    network.ifPresent(it -> it.allowOutbound(search.port()));
    Optional<ITopic> alarmTopic = alarmTopic(settings);
    search.watch(alarmTopic);
    var context = new StackContext(search, network, alarmTopic, settings, functionJar);
    List<StreamMetrics> streams =
        settings.streams().stream()
            .map(stream -> new StreamReplication(this, stream, context).metrics())
            .toList();
    new ReplicationDashboard(this, settings.stack(), streams);
    Aspects.of(this).add(new AwsSolutionsChecks());
  }

  private static StackProps properties(StackSettings settings) {
    return StackProps.builder()
        .stackName(settings.stack())
        .description("Utsushi: copies DynamoDB tables to search indexes.")
        // The CLI checks the bootstrap version itself, before it deploys.
        .synthesizer(
            DefaultStackSynthesizer.Builder.create().generateBootstrapVersionRule(false).build())
        .build();
  }

  private Optional<ITopic> alarmTopic(StackSettings settings) {
    return Optional.ofNullable(settings.alarmTopicArn())
        .map(arn -> Topic.fromTopicArn(this, "AlarmTopic", arn));
  }
}
