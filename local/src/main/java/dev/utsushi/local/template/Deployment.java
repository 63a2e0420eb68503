package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaApi;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.template.Bindings.KeyAttribute;
import dev.utsushi.local.template.StackPlan.PlannedFunction;
import dev.utsushi.local.template.StackPlan.PlannedQueue;
import dev.utsushi.local.template.StackPlan.PlannedQueueMapping;
import dev.utsushi.local.template.StackPlan.PlannedStreamMapping;
import dev.utsushi.local.template.StackPlan.PlannedTable;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/**
 * Creates what a plan says on running servers, in the order of the references: tables and queues
 * before the functions whose environments name them, and functions before what invokes them.
 */
final class Deployment implements AutoCloseable {
  private final Map<String, RunningTemplate.Table> tablesByStream = new LinkedHashMap<>();
  private final Map<String, RunningTemplate.Queue> queuesByArn = new LinkedHashMap<>();
  private final Map<String, RunningTemplate.Function> functionsByArn = new LinkedHashMap<>();
  private final List<RunningTemplate.Mapping> mappings = new ArrayList<>();
  private final List<RunningTemplate.QueueMapping> queueMappings = new ArrayList<>();
  private final Placeholders placeholders = new Placeholders();
  private final RunProblems problems = new RunProblems();
  private final LambdaApi lambdaApi = LambdaApi.start();
  private final String stackName;
  private final StackPlan plan;
  private final LocalAws aws;

  Deployment(String stackName, StackPlan plan, LocalAws aws) {
    this.stackName = stackName;
    this.plan = plan;
    this.aws = aws;
  }

  /**
   * Creates everything.
   *
   * @throws TemplateException if a function does not initialise
   */
  void deploy(Bindings bindings) throws InterruptedException {
    URI engine = aws.search().endpoint();
    plan.tables().forEach(this::createTable);
    plan.queues().forEach(this::createQueue);
    plan.domainNames().forEach(domain -> placeholders.domain(domain, engine));
    bindings.searchEndpoints().forEach(url -> placeholders.searchEndpoint(url, engine));
    plan.functions().forEach(this::createFunction);
    publishVersions();
    plan.queueMappings().forEach(this::createQueueMapping);
    plan.streamMappings().forEach(this::createMapping);
  }

  private void createTable(PlannedTable planned) {
    var created = aws.dynamoDb().client().createTable(request(planned)).tableDescription();
    String streamArn = Optional.ofNullable(created.latestStreamArn()).orElse("");
    planned
        .expiryAttribute()
        .ifPresent(
            attribute ->
                aws.dynamoDb()
                    .client()
                    .updateTimeToLive(
                        request ->
                            request
                                .tableName(planned.name())
                                .timeToLiveSpecification(
                                    expiry -> expiry.enabled(true).attributeName(attribute))));
    tablesByStream.put(
        planned.streamArn(),
        new RunningTemplate.Table(planned.logicalId(), planned.name(), streamArn));
    placeholders.stream(planned.streamArn(), streamArn);
  }

  private static CreateTableRequest request(PlannedTable planned) {
    List<AttributeDefinition> attributes = new ArrayList<>();
    List<KeySchemaElement> schema = new ArrayList<>();
    for (KeyAttribute key : planned.keys()) {
      KeyType type = schema.isEmpty() ? KeyType.HASH : KeyType.RANGE;
      attributes.add(
          AttributeDefinition.builder()
              .attributeName(key.name())
              .attributeType(key.type())
              .build());
      schema.add(KeySchemaElement.builder().attributeName(key.name()).keyType(type).build());
    }
    var request =
        CreateTableRequest.builder()
            .tableName(planned.name())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attributes)
            .keySchema(schema);
    planned.stream()
        .ifPresent(
            view ->
                request.streamSpecification(
                    stream -> stream.streamEnabled(true).streamViewType(view)));
    return request.build();
  }

  /** Creates the queue that it redrives to first: SQS looks that up. */
  private void createQueue(PlannedQueue planned) {
    if (queuesByArn.containsKey(planned.arn())) {
      return;
    }
    plan.queues().stream()
        .filter(queue -> queue.arn().equals(planned.redriveTarget()))
        .forEach(this::createQueue);
    String url =
        aws.sqs()
            .client()
            .createQueue(
                request -> request.queueName(planned.name()).attributes(planned.attributes()))
            .queueUrl();
    queuesByArn.put(
        planned.arn(), new RunningTemplate.Queue(planned.logicalId(), planned.name(), url));
    placeholders.queue(planned.name(), url);
  }

  private void createFunction(PlannedFunction planned) {
    Map<String, String> environment = cloudEndpoints();
    planned
        .configuration()
        .environment()
        .forEach((name, value) -> environment.put(name, placeholders.fillIn(value)));
    var function = new LambdaFunction(planned.configuration().withEnvironment(environment));
    functionsByArn.put(function.arn(), new RunningTemplate.Function(planned.logicalId(), function));
    lambdaApi.add(
        function,
        Map.of(
            "aws:cloudformation:stack-name",
            stackName,
            "aws:cloudformation:logical-id",
            planned.logicalId()));
  }

  /**
   * Variables that every AWS SDK reads, so that code that names no endpoint reaches the embedded
   * servers and nobody else. A function's own values win.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">Service-specific
   *     endpoints</a>
   */
  private Map<String, String> cloudEndpoints() {
    String dynamoDb = aws.dynamoDb().endpoint().toString();
    return new HashMap<>(
        Map.of(
            "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", dynamoDb,
            "AWS_ENDPOINT_URL_SQS", aws.sqs().endpoint().toString()));
  }

  /**
   * Publishing a version of a function with SnapStart runs its init, and a deployment fails with
   * it. Without SnapStart the first invocation finds a function that can't initialise.
   */
  private void publishVersions() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    for (PlannedFunction planned : plan.functions()) {
      if (planned.initializes()) {
        function(planned.configuration().arn())
            .function()
            .initialize()
            .map(RunProblems::problem)
            .ifPresent(problem -> failures.add(planned.logicalId() + ' ' + problem));
      }
    }
    if (!failures.isEmpty()) {
      throw new TemplateException(failures);
    }
  }

  private void createMapping(PlannedStreamMapping planned) {
    var table = found(tablesByStream, planned.streamArn());
    var function = function(planned.functionArn());
    Optional<RunningTemplate.Queue> onFailure =
        planned.onFailureArn().map(arn -> found(queuesByArn, arn));
    var builder =
        EventSourceMapping.of(
                table.streamArn(),
                aws.dynamoDb().streams(),
                qualified(function, planned.functionArn()),
                planned.settings())
            .listener(problems.of(planned.logicalId()));
    onFailure.ifPresent(queue -> builder.onFailure(aws.sqs().client(), queue.url()));
    EventSourceMapping mapping = builder.build();
    mappings.add(
        new RunningTemplate.Mapping(
            planned.logicalId(), table, function, planned.settings(), onFailure, mapping));
    if (planned.enabled()) {
      mapping.start();
    }
  }

  private void createQueueMapping(PlannedQueueMapping planned) {
    var queue = found(queuesByArn, planned.queueArn());
    var function = function(planned.functionArn());
    var mapping =
        new QueueEventSourceMapping(
            aws.sqs().client(),
            queue.url(),
            qualified(function, planned.functionArn()),
            planned.settings(),
            problems.ofQueue(planned.logicalId()));
    queueMappings.add(
        new RunningTemplate.QueueMapping(
            planned.logicalId(), queue, function, planned.settings(), mapping));
    if (planned.enabled()) {
      mapping.start();
    }
  }

  private RunningTemplate.Function function(String arn) {
    return found(functionsByArn, ResourceNames.unqualifiedArn(arn));
  }

  private Invocable qualified(RunningTemplate.Function function, String arn) {
    return new QualifiedFunction(function.function(), arn, found(plan.executedVersions(), arn));
  }

  /** A function as a mapping names it: messages about it have the ARN of its alias or version. */
  private record QualifiedFunction(Invocable function, String arn, String executedVersion)
      implements Invocable {
    @Override
    public InvocationResult invoke(byte[] payload) throws InterruptedException {
      return function.invoke(payload);
    }
  }

  private static <T> T found(Map<String, T> things, String name) {
    return Objects.requireNonNull(things.get(name), name);
  }

  List<RunningTemplate.Table> tables() {
    return List.copyOf(tablesByStream.values());
  }

  List<RunningTemplate.Queue> queues() {
    return List.copyOf(queuesByArn.values());
  }

  List<RunningTemplate.Function> functions() {
    return List.copyOf(functionsByArn.values());
  }

  List<RunningTemplate.Mapping> mappings() {
    return List.copyOf(mappings);
  }

  List<RunningTemplate.QueueMapping> queueMappings() {
    return List.copyOf(queueMappings);
  }

  LambdaApi lambdaApi() {
    return lambdaApi;
  }

  List<String> problems() {
    return problems.found();
  }

  /**
   * Closes mappings before functions, so that none invokes a closed function. Deletes what was
   * created on the servers.
   */
  @Override
  public void close() {
    mappings.forEach(mapping -> mapping.running().close());
    queueMappings.forEach(mapping -> mapping.running().close());
    lambdaApi.close();
    functions().forEach(function -> function.function().close());
    tables().forEach(table -> aws.dynamoDb().client().deleteTable(r -> r.tableName(table.name())));
    queues().forEach(queue -> aws.sqs().client().deleteQueue(r -> r.queueUrl(queue.url())));
  }
}
