package dev.utsushi.local.template;

import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.queue.QueueMappingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A resource of a template, read and understood, with nothing of it running yet. */
sealed interface Planned {

  String logicalId();

  /**
   * A table, of the template or bound from outside it.
   *
   * @param streamArn what stands for the stream until there is one
   * @param keys the partition key, then the sort key if there is one
   * @param expiry the attribute with an item's expiry, if items expire
   */
  record Table(
      String logicalId,
      String name,
      String streamArn,
      List<KeyAttribute> keys,
      Optional<StreamViewType> stream,
      Optional<String> expiry)
      implements Planned {}

  /**
   * A standard queue.
   *
   * @param attributes all of them that the template sets, but the redrive policy
   */
  record Queue(
      String logicalId,
      String name,
      Map<QueueAttributeName, String> attributes,
      Optional<Redrive> redrive)
      implements Planned {
    private static final String DEFAULT_VISIBILITY_SECONDS = "30";

    String arn() {
      return AwsEnvironment.arn("sqs", name);
    }

    Duration visibilityTimeout() {
      return Duration.ofSeconds(
          Long.parseLong(
              attributes.getOrDefault(
                  QueueAttributeName.VISIBILITY_TIMEOUT, DEFAULT_VISIBILITY_SECONDS)));
    }
  }

  /**
   * Where a queue's messages go that are received too often.
   *
   * @param maximumReceives 1 to 1,000
   */
  record Redrive(String targetArn, int maximumReceives) {
    String policy() {
      return "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"%d\"}"
          .formatted(targetArn, maximumReceives);
    }
  }

  /**
   * A function, whatever names it.
   *
   * @param configuration whose environment still has stand-ins
   * @param snapStart whether publishing a version starts an environment for its snapshot
   */
  record Function(String logicalId, LambdaConfiguration configuration, boolean snapStart)
      implements Planned {}

  record Version(String logicalId, FunctionReference version) implements Planned {}

  /**
   * A name for a version of a function.
   *
   * @param version the version's number, or {@code $LATEST}
   */
  record Alias(String logicalId, FunctionReference alias, String version) implements Planned {}

  /**
   * A stream's way to a function.
   *
   * @param onFailureArn the queue for messages about records that are given up
   */
  record Mapping(
      String logicalId,
      String streamArn,
      FunctionReference function,
      EventSourceMappingSettings settings,
      Optional<String> onFailureArn,
      boolean enabled)
      implements Planned {}

  /** A queue's way to a function. */
  record QueueMapping(
      String logicalId,
      String queueArn,
      FunctionReference function,
      QueueMappingSettings settings,
      boolean enabled)
      implements Planned {}

  record Domain(String logicalId, String name) implements Planned {}
}
