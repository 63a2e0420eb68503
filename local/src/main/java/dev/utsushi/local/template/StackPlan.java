package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import dev.utsushi.local.mapping.FilterCriteria;
import dev.utsushi.local.queue.QueueMappingSettings;
import dev.utsushi.local.template.Bindings.KeyAttribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Everything that a template says and that has a meaning here, resolved and checked.
 *
 * @param domainNames one at most
 * @param executedVersions the version that runs, by the ARN of a function, a version or an alias
 */
record StackPlan(
    List<PlannedTable> tables,
    List<PlannedQueue> queues,
    List<PlannedFunction> functions,
    List<PlannedStreamMapping> streamMappings,
    List<PlannedQueueMapping> queueMappings,
    List<String> domainNames,
    Map<String, String> executedVersions) {
  private static final Set<String> QUEUE_ATTRIBUTES =
      Set.of(
          "DelaySeconds",
          "MaximumMessageSize",
          "MessageRetentionPeriod",
          "ReceiveMessageWaitTimeSeconds",
          "RedrivePolicy",
          "VisibilityTimeout");

  /**
   * A table, of the template or imported by it.
   *
   * @param streamArn a placeholder, or the ARN that the template imports it by
   * @param keys the partition key, then the sort key if there is one
   * @param expiryAttribute the attribute with an item's expiry, if items expire
   */
  record PlannedTable(
      String logicalId,
      String name,
      String streamArn,
      List<KeyAttribute> keys,
      Optional<StreamViewType> stream,
      Optional<String> expiryAttribute) {}

  /**
   * A standard queue.
   *
   * @param redriveTarget the ARN of the queue that it redrives to; empty for none
   */
  record PlannedQueue(
      String logicalId,
      String name,
      Map<QueueAttributeName, String> attributes,
      String redriveTarget) {

    String arn() {
      return ResourceNames.arn("sqs", name);
    }
  }

  /**
   * A function, whatever names it.
   *
   * @param configuration with placeholders in its environment
   * @param initializes whether publishing a version runs its init, for a snapshot
   */
  record PlannedFunction(
      String logicalId, LambdaConfiguration configuration, boolean initializes) {}

  /**
   * A mapping from a stream to a function.
   *
   * @param functionArn with the version or alias that it invokes, if any
   * @param onFailureArn the queue for messages about records that are given up
   */
  record PlannedStreamMapping(
      String logicalId,
      String streamArn,
      String functionArn,
      EventSourceMappingSettings settings,
      Optional<String> onFailureArn,
      boolean enabled) {}

  /** A mapping from a queue to a function. */
  record PlannedQueueMapping(
      String logicalId,
      String queueArn,
      String functionArn,
      QueueMappingSettings settings,
      boolean enabled) {}

  /**
   * Reads a template.
   *
   * @throws TemplateException with everything in it that is not supported, or would be refused
   */
  static StackPlan read(Template template, Bindings bindings) {
    Set<String> problems = new LinkedHashSet<>();
    List<Resource> resources = Resource.readAll(template, bindings, problems);
    var wiring = new Wiring(resources, template, bindings, problems);
    wiring.check();
    if (!problems.isEmpty()) {
      throw new TemplateException(List.copyOf(problems));
    }
    List<PlannedTable> tables = new ArrayList<>();
    bindings.tables().forEach((arn, keys) -> tables.add(imported(arn, keys)));
    resources.stream().filter(Resource::isTable).map(StackPlan::table).forEach(tables::add);
    return new StackPlan(
        tables,
        of(Resource.QUEUE, resources).map(StackPlan::queue).toList(),
        of(Resource.FUNCTION, resources)
            .map(function -> function(function, template, bindings, wiring.executedVersions()))
            .toList(),
        of(Resource.MAPPING, resources)
            .filter(mapping -> !mapping.isQueueMapping())
            .map(StackPlan::streamMapping)
            .toList(),
        of(Resource.MAPPING, resources)
            .filter(Resource::isQueueMapping)
            .map(StackPlan::queueMapping)
            .toList(),
        of(Resource.DOMAIN, resources).map(Resource::name).toList(),
        wiring.executedVersions());
  }

  private static Stream<Resource> of(String type, List<Resource> resources) {
    return resources.stream().filter(resource -> resource.type().equals(type));
  }

  private static PlannedTable imported(String streamArn, List<KeyAttribute> keys) {
    String name = Bindings.tableName(streamArn);
    var view = Optional.of(StreamViewType.NEW_AND_OLD_IMAGES);
    return new PlannedTable(name, name, streamArn, keys, view, Optional.empty());
  }

  private static PlannedTable table(Resource table) {
    Map<String, ScalarAttributeType> types =
        table
            .at("AttributeDefinitions")
            .valueStream()
            .collect(
                Collectors.toMap(
                    attribute -> attribute.path("AttributeName").asText(),
                    attribute ->
                        ScalarAttributeType.fromValue(attribute.path("AttributeType").asText())));
    List<KeyAttribute> keys =
        table
            .at("KeySchema")
            .valueStream()
            .map(key -> key.path("AttributeName").asText())
            .map(name -> new KeyAttribute(name, Objects.requireNonNull(types.get(name))))
            .toList();
    return new PlannedTable(
        table.logicalId(),
        table.name(),
        Placeholders.streamArn(table.name()),
        keys,
        table.optionalText("StreamSpecification.StreamViewType").map(StreamViewType::fromValue),
        table
            .optionalText("TimeToLiveSpecification.AttributeName")
            .filter(_ -> table.at("TimeToLiveSpecification.Enabled").asBoolean()));
  }

  /** Its attributes have the names of its properties. */
  private static PlannedQueue queue(Resource queue) {
    Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
    for (var property : queue.properties().properties()) {
      if (QUEUE_ATTRIBUTES.contains(property.getKey())) {
        JsonNode value = property.getValue();
        attributes.put(
            QueueAttributeName.fromValue(property.getKey()),
            value.isObject() ? value.toString() : value.asText());
      }
    }
    String redriveTarget = queue.text("RedrivePolicy.deadLetterTargetArn");
    return new PlannedQueue(queue.logicalId(), queue.name(), attributes, redriveTarget);
  }

  private static PlannedFunction function(
      Resource function, Template template, Bindings bindings, Map<String, String> versions) {
    var configuration =
        LambdaConfiguration.of(
                function.name(), template.code(function, bindings), function.text("Handler"))
            .withEnvironment(
                function
                    .at("Environment.Variables")
                    .propertyStream()
                    .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().asText())))
            .withMemoryMegabytes(function.integer("MemorySize"))
            .withTimeout(Duration.ofSeconds(function.integer("Timeout")))
            .withLog(bindings.log());
    JsonNode reserved = function.at("ReservedConcurrentExecutions");
    boolean published = versions.containsKey(ResourceNames.functionArn(function.name()) + ":1");
    return new PlannedFunction(
        function.logicalId(),
        reserved.isInt() ? configuration.withReservedConcurrency(reserved.asInt()) : configuration,
        published && function.text("SnapStart.ApplyOn").equals("PublishedVersions"));
  }

  private static PlannedStreamMapping streamMapping(Resource mapping) {
    int retries = mapping.integer("MaximumRetryAttempts");
    int age = mapping.integer("MaximumRecordAgeInSeconds");
    var settings =
        new EventSourceMappingSettings(
            mapping.integer("BatchSize"),
            Duration.ofSeconds(mapping.integer("MaximumBatchingWindowInSeconds")),
            mapping.integer("ParallelizationFactor"),
            StartingPosition.valueOf(mapping.text("StartingPosition")),
            retries < 0 ? OptionalInt.empty() : OptionalInt.of(retries),
            age < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(age)),
            mapping.at("BisectBatchOnFunctionError").asBoolean(),
            !mapping.at("FunctionResponseTypes").isEmpty(),
            new FilterCriteria(mapping.filterPatterns()));
    return new PlannedStreamMapping(
        mapping.logicalId(),
        mapping.text("EventSourceArn"),
        ResourceNames.functionArn(mapping.text("FunctionName")),
        settings,
        mapping.optionalText("DestinationConfig.OnFailure.Destination"),
        mapping.at("Enabled").asBoolean());
  }

  private static PlannedQueueMapping queueMapping(Resource mapping) {
    JsonNode concurrency = mapping.at("ScalingConfig.MaximumConcurrency");
    var settings =
        new QueueMappingSettings(
            mapping.integer("BatchSize"),
            Duration.ofSeconds(mapping.integer("MaximumBatchingWindowInSeconds")),
            concurrency.isInt() ? OptionalInt.of(concurrency.asInt()) : OptionalInt.empty(),
            !mapping.at("FunctionResponseTypes").isEmpty());
    return new PlannedQueueMapping(
        mapping.logicalId(),
        mapping.text("EventSourceArn"),
        ResourceNames.functionArn(mapping.text("FunctionName")),
        settings,
        mapping.at("Enabled").asBoolean());
  }
}
