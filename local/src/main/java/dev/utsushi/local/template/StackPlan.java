package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import dev.utsushi.local.mapping.FilterCriteria;
import dev.utsushi.local.queue.QueueMappingSettings;
import dev.utsushi.local.template.Bindings.KeyAttribute;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;

/**
 * The resources of a template that are created here, resolved and checked, and what each of them
 * means to the embedded servers.
 *
 * @param resources with the imported tables
 */
record StackPlan(Template template, Bindings bindings, List<Resource> resources) {

  static final String NEW_AND_OLD_IMAGES = "NEW_AND_OLD_IMAGES";

  /** What AWS starts a stream on demand with. */
  private static final int SHARDS_ON_DEMAND = 4;

  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");

  /** Reads requests of an AWS SDK, whose fields have the names of CloudFormation's properties. */
  private static final JsonMapper REQUESTS =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * Reads a template.
   *
   * @throws TemplateException with everything in it that is not supported, or would be refused
   */
  static StackPlan read(Template template, Bindings bindings) {
    Set<String> problems = new LinkedHashSet<>();
    List<Resource> resources = new ArrayList<>();
    bindings.tables().forEach((arn, keys) -> resources.add(imported(arn, keys)));
    resources.addAll(new ResourceReader(template, bindings, problems).readAll());
    var all = new StackPlan(template, bindings, List.copyOf(resources));
    // A function that the template has only by its ARN is somebody else's, and not here.
    resources.removeIf(
        each ->
            each.type().equals(Resource.MAPPING)
                && each.text("FunctionName").startsWith("arn:")
                && all.find(each.text("FunctionName")).isEmpty());
    var plan = new StackPlan(template, bindings, List.copyOf(resources));
    new Wiring(plan, problems).check();
    if (!problems.isEmpty()) {
      throw new TemplateException(List.copyOf(problems));
    }
    return plan;
  }

  private static Resource imported(String streamArn, List<KeyAttribute> keys) {
    String name = Bindings.tableName(streamArn);
    ObjectNode properties = JsonNodeFactory.instance.objectNode().put("TableName", name);
    for (KeyAttribute key : keys) {
      properties
          .withArray("KeySchema")
          .addObject()
          .put("AttributeName", key.name())
          .put("KeyType", key.equals(keys.getFirst()) ? "HASH" : "RANGE");
      properties
          .withArray("AttributeDefinitions")
          .addObject()
          .put("AttributeName", key.name())
          .put("AttributeType", key.type().toString());
    }
    properties.putObject("StreamSpecification").put("StreamViewType", NEW_AND_OLD_IMAGES);
    return new Resource(name, Resource.TABLE, name, Map.of("StreamArn", streamArn), properties);
  }

  Stream<Resource> of(String type) {
    return resources.stream().filter(resource -> resource.type().equals(type));
  }

  Stream<Resource> tables() {
    return resources.stream().filter(Resource::isTable);
  }

  /** Finds a resource by its ARN; a function, a version and an alias by their names as well. */
  Optional<Resource> find(String nameOrArn) {
    String arn = ResourceReader.functionArn(nameOrArn).replaceFirst(":\\$LATEST$", "");
    return resources.stream().filter(resource -> resource.arn().equals(arn)).findFirst();
  }

  /** Finds the function itself, of which the argument may be a version or an alias. */
  Optional<Resource> function(String nameOrArn) {
    return find(nameOrArn)
        .flatMap(
            named ->
                named.type().equals(Resource.FUNCTION)
                    ? Optional.of(named)
                    : function(named.text("FunctionName")));
  }

  /** Returns the version that runs when this function, version or alias is invoked. */
  String executedVersion(String functionArn) {
    Resource named = find(functionArn).orElseThrow();
    return switch (named.type()) {
      case Resource.VERSION -> "1";
      case Resource.ALIAS -> named.text("FunctionVersion");
      default -> "$LATEST";
    };
  }

  /** Returns whether publishing a version of the function runs its init, for a snapshot. */
  boolean initializes(Resource function) {
    return function.text("SnapStart.ApplyOn").equals("PublishedVersions")
        && find(function.arn() + ":1").isPresent();
  }

  static CreateTableRequest tableRequest(Resource table) {
    ObjectNode request = table.properties().deepCopy();
    request.remove(List.of("Replicas", "TimeToLiveSpecification"));
    request.put("BillingMode", "PAY_PER_REQUEST");
    if (!table.kinesisDestination().isMissingNode() && !request.has("StreamSpecification")) {
      // The destination reads the table's changes from its stream.
      request.putObject("StreamSpecification").put("StreamViewType", NEW_AND_OLD_IMAGES);
    }
    if (request.path("StreamSpecification") instanceof ObjectNode stream) {
      stream.put("StreamEnabled", true);
    }
    return REQUESTS.convertValue(request, CreateTableRequest.serializableBuilderClass()).build();
  }

  static int shards(Resource stream) {
    return stream.at("ShardCount").asInt(SHARDS_ON_DEMAND);
  }

  /** Finds the table whose changes go to a Kinesis stream. */
  Optional<Resource> tableOf(Resource stream) {
    return tables()
        .filter(table -> table.kinesisDestination().path("StreamArn").asText().equals(stream.arn()))
        .findFirst();
  }

  /** Returns the attribute with an item's expiry, if items expire. */
  static Optional<String> expiryAttribute(Resource table) {
    return table
        .optionalText("TimeToLiveSpecification.AttributeName")
        .filter(_ -> table.at("TimeToLiveSpecification.Enabled").asBoolean());
  }

  /** Returns the properties but for the name: SQS has attributes of the same names. */
  static Map<String, String> queueAttributes(Resource queue) {
    return queue
        .properties()
        .propertyStream()
        .filter(property -> !property.getKey().equals("QueueName"))
        .collect(Collectors.toMap(Map.Entry::getKey, property -> text(property.getValue())));
  }

  private static String text(JsonNode value) {
    return value.isObject() ? value.toString() : value.asText();
  }

  /** Returns a function's configuration, with placeholders in its environment. */
  LambdaConfiguration configuration(Resource function) {
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
    return reserved.isInt()
        ? configuration.withReservedConcurrency(reserved.asInt())
        : configuration;
  }

  static EventSourceMappingSettings streamSettings(Resource mapping) {
    int retries = mapping.integer("MaximumRetryAttempts");
    int age = mapping.integer("MaximumRecordAgeInSeconds");
    return new EventSourceMappingSettings(
        mapping.integer("BatchSize"),
        Duration.ofSeconds(mapping.integer("MaximumBatchingWindowInSeconds")),
        mapping.integer("ParallelizationFactor"),
        StartingPosition.valueOf(mapping.text("StartingPosition")),
        Optional.of(mapping.at("StartingPositionTimestamp"))
            .filter(JsonNode::isNumber)
            .map(seconds -> Instant.ofEpochMilli((long) (seconds.asDouble() * 1000))),
        retries < 0 ? OptionalInt.empty() : OptionalInt.of(retries),
        age < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(age)),
        mapping.at("BisectBatchOnFunctionError").asBoolean(),
        !mapping.at("FunctionResponseTypes").isEmpty(),
        filters(mapping));
  }

  /**
   * Returns a mapping's filters.
   *
   * @throws IllegalArgumentException if Lambda would refuse them
   */
  static FilterCriteria filters(Resource mapping) {
    List<JsonNode> patterns = mapping.at("FilterCriteria.Filters").findValues("Pattern");
    return new FilterCriteria(
        patterns.stream().filter(JsonNode::isTextual).map(JsonNode::asText).toList());
  }

  /** Returns how often a schedule sends its message; empty if it does not, here. */
  static Optional<Duration> rate(Resource schedule) {
    Matcher rate = RATE.matcher(schedule.text("ScheduleExpression"));
    return rate.matches() && schedule.text("State").equals("ENABLED")
        ? Optional.of(
            Duration.of(
                Long.parseLong(rate.group(1)),
                ChronoUnit.valueOf(rate.group(2).toUpperCase(Locale.ROOT) + 'S')))
        : Optional.empty();
  }

  static QueueMappingSettings queueSettings(Resource mapping) {
    JsonNode concurrency = mapping.at("ScalingConfig.MaximumConcurrency");
    return new QueueMappingSettings(
        mapping.integer("BatchSize"),
        Duration.ofSeconds(mapping.integer("MaximumBatchingWindowInSeconds")),
        concurrency.isInt() ? OptionalInt.of(concurrency.asInt()) : OptionalInt.empty(),
        !mapping.at("FunctionResponseTypes").isEmpty());
  }
}
