package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes what a plan says on running servers, in the order of the references: what has a name comes
 * before the functions that are told it, and these before what invokes them.
 */
final class Deployment implements AutoCloseable {
  private final Map<String, RunningTable> tablesByPlannedStream = new LinkedHashMap<>();
  private final Map<String, RunningQueue> queuesByArn = new LinkedHashMap<>();
  private final Map<String, RunningFunction> functionsByName = new LinkedHashMap<>();
  private final List<RunningMapping> mappings = new ArrayList<>();
  private final List<EventSourceMapping> pollers = new ArrayList<>();
  private final StandIns standIns = new StandIns();
  private final RunProblems problems = new RunProblems();
  private final Plan plan;
  private final LocalAws aws;

  Deployment(Plan plan, LocalAws aws) {
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
    plan.all(Planned.Mapping.class).forEach(this::createMapping);
  }

  private void createTable(Planned.Table planned) {
    RunningTable table = TableCreation.create(aws.dynamoDb().client(), planned);
    tablesByPlannedStream.put(planned.streamArn(), table);
    standIns.stream(planned.streamArn(), table.streamArn());
  }

  private void createQueue(Planned.Queue planned) {
    String url =
        aws.sqs()
            .client()
            .createQueue(
                request -> request.queueName(planned.name()).attributes(planned.attributes()))
            .queueUrl();
    queuesByArn.put(planned.arn(), new RunningQueue(planned.logicalId(), planned.name(), url));
    standIns.queue(planned.name(), url);
  }

  private void createFunction(Planned.Function planned) {
    Map<String, String> environment =
        planned.configuration().environment().entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> standIns.fillIn(entry.getValue())));
    var function = new LambdaFunction(planned.configuration().withEnvironment(environment));
    functionsByName.put(
        planned.configuration().functionName(), new RunningFunction(planned.logicalId(), function));
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
                new QualifiedFunction(
                    function.function(),
                    planned.function().arn(),
                    plan.executedVersion(planned.function())),
                planned.settings())
            .listener(problems.of(planned.logicalId()));
    queue.ifPresent(onFailure -> builder.onFailure(aws.sqs().client(), onFailure.url()));
    EventSourceMapping mapping = builder.build();
    pollers.add(mapping);
    mappings.add(new RunningMapping(planned, table, function, queue, mapping));
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

  List<String> problems() {
    return problems.found();
  }

  /** Mappings before functions: nobody is invoked that has gone. */
  @Override
  public void close() {
    pollers.forEach(EventSourceMapping::close);
    functionsByName.values().forEach(running -> running.function().close());
  }
}
