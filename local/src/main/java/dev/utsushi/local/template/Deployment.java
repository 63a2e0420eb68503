package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.MappingContext;
import dev.utsushi.local.mapping.MappingContext.OnFailureQueue;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Creates what a plan says on running servers, in the order of the references: tables and queues
 * before the functions whose environments name them, and functions before what invokes them.
 */
final class Deployment {
  /** Each is a JVM that starts, and has a time limit. */
  private static final int INITS_AT_ONCE = Runtime.getRuntime().availableProcessors();

  /** The names that running servers gave, by their placeholders in functions' environments. */
  private final Map<String, String> names = new LinkedHashMap<>();

  private final StackPlan plan;
  private final RunningTemplate running;
  private final RunProblems problems;
  private final LocalAws aws;
  private final @Nullable PermissionCheck permissions;

  /**
   * @param running receives what is created
   */
  Deployment(StackPlan plan, RunningTemplate running, RunProblems problems)
      throws InterruptedException {
    this.plan = plan;
    this.running = running;
    this.problems = problems;
    aws = running.aws();
    permissions =
        plan.bindings().enforcesPermissions() ? new PermissionCheck(plan, names, problems) : null;
    if (permissions != null) {
      running.enforce(permissions);
    }
  }

  private String address(URI server) {
    return (permissions == null ? server : permissions.inFrontOf(server)).toString();
  }

  private String address(Resource domain) {
    URI engine = aws.search().endpoint();
    return (permissions == null ? engine : permissions.inFrontOf(engine, domain.arn())).toString();
  }

  /**
   * Creates everything.
   *
   * @throws TemplateException if a function does not initialize
   */
  void deploy() throws InterruptedException {
    plan.tables().forEach(this::createTable);
    new KinesisDeployment(plan, running, names).deploy();
    plan.of(Resource.QUEUE).forEach(this::createQueue);
    plan.of(Resource.QUEUE).forEach(this::configureQueue);
    // The engine has a plain HTTP address on loopback in place of the domain's.
    plan.of(Resource.DOMAIN)
        .forEach(
            domain ->
                names.put("https://" + domain.attributes().get("DomainEndpoint"), address(domain)));
    String engine = aws.search().endpoint().toString();
    plan.bindings().searchEndpoints().forEach(url -> names.put(url, engine));
    plan.of(Resource.FUNCTION).forEach(this::nameLogGroup);
    Map<String, String> endpoints = cloudEndpoints();
    plan.of(Resource.FUNCTION).forEach(function -> createFunction(function, endpoints));
    publishVersions();
    plan.of(Resource.MAPPING)
        .forEach(
            mapping -> {
              if (mapping.isQueueMapping()) {
                createQueueMapping(mapping);
              } else {
                createMapping(mapping);
              }
            });
    plan.of(Resource.SCHEDULE).forEach(this::createSchedule);
  }

  private void createTable(Resource table) {
    var client = aws.dynamoDb().client();
    var created = client.createTable(StackPlan.tableRequest(table)).tableDescription();
    StackPlan.expiryAttribute(table)
        .ifPresent(
            attribute ->
                client.updateTimeToLive(
                    request ->
                        request
                            .tableName(table.name())
                            .timeToLiveSpecification(
                                expiry -> expiry.enabled(true).attributeName(attribute))));
    // A stream that only a Kinesis destination needs is not the template's.
    String streamArn = table.arn().isEmpty() ? "" : created.latestStreamArn();
    running.add(new RunningTemplate.Table(table.logicalId(), table.name(), streamArn));
    if (!streamArn.isEmpty()) {
      // The stream's first: its ARN contains the table's.
      names.put(table.arn(), streamArn);
    }
    String imported = table.arn().replaceFirst("/stream/.*$", "");
    names.put(table.attributes().getOrDefault("Arn", imported), created.tableArn());
  }

  private void createQueue(Resource queue) {
    var client = aws.sqs().client();
    String url = client.createQueue(request -> request.queueName(queue.name())).queueUrl();
    running.add(new RunningTemplate.Queue(queue.logicalId(), queue.name(), url));
    names.put(queue.attributes().getOrDefault("QueueUrl", ""), url);
  }

  /** SQS refuses a redrive policy whose queue does not exist. */
  private void configureQueue(Resource queue) {
    Map<String, String> attributes = StackPlan.queueAttributes(queue);
    String url = part(RunningTemplate.Queue.class, queue).url();
    if (!attributes.isEmpty()) {
      aws.sqs()
          .client()
          .setQueueAttributes(request -> request.queueUrl(url).attributesWithStrings(attributes));
    }
  }

  /** A local function's log group has the name that Lambda gives to it. */
  private void nameLogGroup(Resource function) {
    function
        .optionalText("LoggingConfig.LogGroup")
        .ifPresent(group -> names.put(group, "/aws/lambda/" + function.name()));
  }

  private void createFunction(Resource resource, Map<String, String> endpoints) {
    var planned = plan.configuration(resource);
    Map<String, String> environment = new HashMap<>(endpoints);
    if (permissions != null) {
      environment.put("AWS_ACCESS_KEY_ID", permissions.ofFunction(resource));
    }
    planned
        .environment()
        .forEach((name, value) -> environment.put(name, ResourceReader.replaceAll(value, names)));
    var function = new LambdaFunction(planned.withEnvironment(environment));
    running.add(new RunningTemplate.Function(resource.logicalId(), function));
    running
        .lambdaApi()
        .add(
            function,
            Map.of(
                "aws:cloudformation:stack-name",
                running.stackName(),
                "aws:cloudformation:logical-id",
                resource.logicalId()));
  }

  /**
   * Returns variables that every AWS SDK reads, so that code that names no endpoint reaches the
   * embedded servers only. A function's own values override them.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">Service-specific
   *     endpoints</a>
   */
  private Map<String, String> cloudEndpoints() {
    String dynamoDb = address(aws.dynamoDb().endpoint());
    Map<String, String> endpoints = new HashMap<>();
    if (plan.of(Resource.STREAM).findAny().isPresent()) {
      endpoints.put("AWS_ENDPOINT_URL_KINESIS", aws.kinesis().endpoint().toString());
    }
    endpoints.putAll(
        Map.of(
            "AWS_ENDPOINT_URL_DYNAMODB",
            dynamoDb,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS",
            dynamoDb,
            "AWS_ENDPOINT_URL_SQS",
            address(aws.sqs().endpoint()),
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
            address(running.lambdaApi().endpoint())));
    return endpoints;
  }

  /**
   * Publishing a version of a function with SnapStart runs its init, and a deployment fails with
   * it. Without SnapStart the first invocation finds a function that can't initialize.
   */
  private void publishVersions() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(INITS_AT_ONCE)) {
      List<Callable<Optional<String>>> inits =
          plan.of(Resource.FUNCTION)
              .filter(plan::initializes)
              .<Callable<Optional<String>>>map(resource -> () -> initFailure(resource))
              .toList();
      for (Future<Optional<String>> init : threads.invokeAll(inits)) {
        init.get().ifPresent(failures::add);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A function could not be started", e);
    }
    if (!failures.isEmpty()) {
      throw new TemplateException(failures);
    }
  }

  private Optional<String> initFailure(Resource function) throws InterruptedException {
    return part(RunningTemplate.Function.class, function)
        .function()
        .initialize()
        .map(failed -> function.logicalId() + ' ' + RunProblems.problem(failed));
  }

  private void createMapping(Resource resource) {
    var source = part(RunningTemplate.Source.class, source(resource));
    var onFailure =
        resource
            .optionalText("DestinationConfig.OnFailure.Destination")
            .flatMap(plan::find)
            .map(queue -> part(RunningTemplate.Queue.class, queue));
    if (permissions != null) {
      permissions.ofStreamMapping(resource, source.streamArn());
    }
    var settings = StackPlan.streamSettings(resource);
    var context =
        MappingContext.of(source.streamArn(), invocable(resource), settings)
            .withOnFailure(
                onFailure.map(queue -> new OnFailureQueue(aws.sqs().client(), queue.url())))
            .withListener(problems.listener(resource.logicalId()));
    var mapping =
        switch (source) {
          case RunningTemplate.Table _ -> new EventSourceMapping(aws.dynamoDb().streams(), context);
          case RunningTemplate.Stream _, RunningTemplate.Consumer _ ->
              new EventSourceMapping(aws.kinesis().client(), context);
        };
    running.add(
        new RunningTemplate.Mapping(
            resource.logicalId(), source, function(resource), settings, onFailure, mapping));
    boolean enabled = resource.at("Enabled").asBoolean();
    running
        .lambdaApi()
        .addMapping(
            source.streamArn(),
            function(resource).function(),
            enabled,
            mapping::lastProcessingResult);
    if (enabled) {
      mapping.start();
    }
  }

  private void createQueueMapping(Resource resource) {
    var queue = part(RunningTemplate.Queue.class, source(resource));
    if (permissions != null) {
      permissions.ofQueueMapping(resource);
    }
    var settings = StackPlan.queueSettings(resource);
    var mapping =
        new QueueEventSourceMapping(
            aws.sqs().client(),
            queue.url(),
            invocable(resource),
            settings,
            problems.listener(resource.logicalId()));
    running.add(
        new RunningTemplate.QueueMapping(
            resource.logicalId(), queue, function(resource), settings, mapping));
    if (resource.at("Enabled").asBoolean()) {
      mapping.start();
    }
  }

  /**
   * A rate sends its first message at once.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html">Schedule
   *     types</a>
   */
  private void createSchedule(Resource resource) {
    Resource target = plan.find(resource.text("Target.Arn")).orElseThrow();
    var queue = part(RunningTemplate.Queue.class, target);
    if (permissions != null) {
      permissions.ofSchedule(resource);
    }
    Optional<Duration> rate = StackPlan.rate(resource);
    running.add(
        new RunningTemplate.Schedule(
            resource.logicalId(), queue, resource.text("ScheduleExpression"), rate.isPresent()));
    rate.ifPresent(time -> running.repeat(time, () -> send(resource, queue.url())));
  }

  /** A problem must not end the schedule. */
  private void send(Resource schedule, String url) {
    try {
      aws.sqs()
          .client()
          .sendMessage(send -> send.queueUrl(url).messageBody(schedule.text("Target.Input")));
    } catch (RuntimeException e) {
      problems
          .listener(schedule.logicalId())
          .accept(new MappingEvent.Problem("sending its message", e));
    }
  }

  private Resource source(Resource mapping) {
    return plan.find(mapping.text("EventSourceArn")).orElseThrow();
  }

  private RunningTemplate.Function function(Resource mapping) {
    var function = plan.function(mapping.text("FunctionName")).orElseThrow();
    return part(RunningTemplate.Function.class, function);
  }

  private Invocable invocable(Resource mapping) {
    String arn = ResourceReader.functionArn(mapping.text("FunctionName"));
    return new MappedFunction(
        function(mapping).function(),
        arn,
        plan.executedVersion(arn),
        mapping.logicalId(),
        problems);
  }

  /**
   * A function as a mapping invokes it: messages about it have the ARN of its alias or version, and
   * results that are problems are kept.
   */
  private record MappedFunction(
      Invocable function, String arn, String executedVersion, String mapping, RunProblems problems)
      implements Invocable {
    @Override
    public InvocationResult invoke(byte[] payload) throws InterruptedException {
      InvocationResult result = function.invoke(payload);
      problems.add(mapping, result);
      return result;
    }
  }

  private <P extends RunningTemplate.Part> P part(Class<P> type, Resource resource) {
    return running.part(type, resource.logicalId());
  }
}
