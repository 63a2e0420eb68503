package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.LambdaApi;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Makes what a plan says on running servers, in the order of the references: what has a name comes
 * before the functions that are told it, and these before what invokes them.
 */
final class Deployment implements AutoCloseable {
  private final Map<String, RunningTable> tablesByPlannedStream = new LinkedHashMap<>();
  private final Map<String, RunningQueue> queuesByArn = new LinkedHashMap<>();
  private final Map<String, RunningFunction> functionsByName = new LinkedHashMap<>();
  private final List<RunningMapping> mappings = new ArrayList<>();
  private final List<RunningQueueMapping> queueMappings = new ArrayList<>();
  private final List<Runnable> pollers = new ArrayList<>();
  private final StandIns standIns = new StandIns();
  private final RunProblems problems = new RunProblems();
  private final LambdaApi lambdaApi = LambdaApi.start();
  private final String stackName;
  private final Plan plan;
  private final LocalAws aws;

  Deployment(String stackName, Plan plan, LocalAws aws) {
    this.stackName = stackName;
    this.plan = plan;
    this.aws = aws;
  }

  /**
   * @throws TemplateException if a function does not initialise
   */
  void deploy(Bindings bindings) throws InterruptedException {
    plan.all(Planned.Table.class).forEach(this::createTable);
    plan.all(Planned.Queue.class).forEach(this::createQueue);
    plan.all(Planned.Domain.class)
        .forEach(domain -> standIns.domain(domain.name(), aws.search().endpoint()));
    bindings
        .searchEndpoints()
        .forEach(url -> standIns.searchEndpoint(url, aws.search().endpoint()));
    plan.all(Planned.Function.class).forEach(this::createFunction);
    publishVersions();
    plan.all(Planned.QueueMapping.class).forEach(this::createQueueMapping);
    plan.all(Planned.Mapping.class).forEach(this::createMapping);
  }

  private void createTable(Planned.Table planned) {
    RunningTable table = TableCreation.create(aws.dynamoDb().client(), planned);
    tablesByPlannedStream.put(planned.streamArn(), table);
    standIns.table(planned.streamArn(), table.streamArn());
  }

  /** After the one that it redrives to, which SQS looks up. */
  private void createQueue(Planned.Queue planned) {
    if (queuesByArn.containsKey(planned.arn())) {
      return;
    }
    Map<QueueAttributeName, String> attributes = new HashMap<>(planned.attributes());
    planned
        .redrive()
        .ifPresent(
            redrive -> {
              plan.queueOfArn(redrive.targetArn()).ifPresent(this::createQueue);
              attributes.put(QueueAttributeName.REDRIVE_POLICY, redrive.policy());
            });
    String url =
        aws.sqs()
            .client()
            .createQueue(request -> request.queueName(planned.name()).attributes(attributes))
            .queueUrl();
    queuesByArn.put(planned.arn(), new RunningQueue(planned.logicalId(), planned.name(), url));
    standIns.queue(planned.name(), url);
  }

  private void createFunction(Planned.Function planned) {
    Map<String, String> environment =
        planned.configuration().environment().entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> standIns.fillIn(entry.getValue())));
    var function =
        new LambdaFunction(
            planned.configuration().withEnvironment(SurroundingCloud.around(environment, aws)));
    functionsByName.put(
        planned.configuration().functionName(), new RunningFunction(planned.logicalId(), function));
    lambdaApi.add(function, tags(planned.logicalId()));
  }

  /** Those that CloudFormation puts on what it makes. */
  private Map<String, String> tags(String logicalId) {
    return Map.of(
        "aws:cloudformation:stack-name", stackName, "aws:cloudformation:logical-id", logicalId);
  }

  /**
   * Publishing a version of a function with SnapStart runs its init, and a deployment fails with
   * it. Without SnapStart a function that can't initialise is found by its first invocation.
   */
  private void publishVersions() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    for (Planned.Version published : plan.all(Planned.Version.class)) {
      String name = published.version().name();
      var planned = plan.functionNamed(name).filter(Planned.Function::snapStart);
      var function = functionsByName.get(name);
      if (planned.isPresent() && function != null) {
        function
            .function()
            .initialize()
            .ifPresent(
                failed -> failures.add(function.logicalId() + ' ' + InitFailure.text(failed)));
      }
    }
    if (!failures.isEmpty()) {
      throw new TemplateException(failures);
    }
  }

  private void createMapping(Planned.Mapping planned) {
    RunningTable table = found(tablesByPlannedStream, planned.streamArn());
    RunningFunction function = found(functionsByName, planned.function().name());
    Optional<RunningQueue> queue = planned.onFailureArn().map(arn -> found(queuesByArn, arn));
    var builder =
        EventSourceMapping.of(
                table.streamArn(),
                aws.dynamoDb().streams(),
                qualified(function, planned.function()),
                planned.settings())
            .listener(problems.of(planned.logicalId()));
    queue.ifPresent(onFailure -> builder.onFailure(aws.sqs().client(), onFailure.url()));
    EventSourceMapping mapping = builder.build();
    pollers.add(mapping::close);
    mappings.add(new RunningMapping(planned, table, function, queue, mapping));
    if (planned.enabled()) {
      mapping.start();
    }
  }

  private QualifiedFunction qualified(RunningFunction function, FunctionReference reference) {
    return new QualifiedFunction(
        function.function(), reference.arn(), plan.executedVersion(reference));
  }

  private void createQueueMapping(Planned.QueueMapping planned) {
    RunningQueue queue = found(queuesByArn, planned.queueArn());
    RunningFunction function = found(functionsByName, planned.function().name());
    var mapping =
        new QueueEventSourceMapping(
            aws.sqs().client(),
            queue.url(),
            qualified(function, planned.function()),
            planned.settings(),
            problems.ofQueue(planned.logicalId()));
    pollers.add(mapping::close);
    queueMappings.add(new RunningQueueMapping(planned, queue, function, mapping));
    if (planned.enabled()) {
      mapping.start();
    }
  }

  private static <T> T found(Map<String, T> things, String name) {
    return Optional.ofNullable(things.get(name))
        .orElseThrow(() -> new IllegalStateException("The plan was not checked for " + name));
  }

  List<RunningTable> tables() {
    return List.copyOf(tablesByPlannedStream.values());
  }

  List<RunningQueue> queues() {
    return List.copyOf(queuesByArn.values());
  }

  List<RunningFunction> functions() {
    return List.copyOf(functionsByName.values());
  }

  List<RunningMapping> mappings() {
    return List.copyOf(mappings);
  }

  List<RunningQueueMapping> queueMappings() {
    return List.copyOf(queueMappings);
  }

  LambdaApi lambdaApi() {
    return lambdaApi;
  }

  List<String> problems() {
    return problems.found();
  }

  /** Deletes what was made on the servers; only after {@link #close}. */
  void delete() {
    for (RunningTable table : tablesByPlannedStream.values()) {
      aws.dynamoDb().client().deleteTable(request -> request.tableName(table.name()));
    }
    for (RunningQueue queue : queuesByArn.values()) {
      aws.sqs().client().deleteQueue(request -> request.queueUrl(queue.url()));
    }
  }

  /** Mappings before functions: nobody is invoked that has gone. */
  @Override
  public void close() {
    pollers.forEach(Runnable::run);
    lambdaApi.close();
    functionsByName.values().forEach(running -> running.function().close());
  }
}
