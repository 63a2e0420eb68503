package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.lambda.LambdaApi;
import java.net.URI;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A template that runs on the embedded AWS: its tables with their streams, its functions, its event
 * source mappings, its queues, and the embedded engine as its search domain.
 *
 * <pre>{@code
 * var template = TemplateFile.read(Path.of("cdk.out/Stack.template.json"));
 * try (var running = RunningTemplate.start(template, Bindings.none())) {
 *   running.aws().dynamoDb().client().putItem(…);
 * }
 * }</pre>
 */
public final class RunningTemplate implements AutoCloseable {
  private final String stackName;
  private final LocalAws aws;
  private final Deployment deployment;
  private final Runnable afterwards;

  private RunningTemplate(
      String stackName, LocalAws aws, Deployment deployment, Runnable afterwards) {
    this.stackName = stackName;
    this.aws = aws;
    this.deployment = deployment;
    this.afterwards = afterwards;
  }

  /**
   * Checks a template without starting anything.
   *
   * @throws TemplateException with everything in it that is not known here, or would be refused
   */
  public static void check(TemplateFile template, Bindings bindings) {
    PlanReader.read(template, bindings);
  }

  /**
   * Starts the servers and everything that the template says.
   *
   * @throws TemplateException if the template is refused, or one of its functions with SnapStart
   *     does not initialise; nothing is left running then
   * @throws LocalServerException if a server does not start
   * @throws InterruptedException when the calling thread is interrupted; nothing is left running
   */
  public static RunningTemplate start(TemplateFile template, Bindings bindings)
      throws InterruptedException {
    return start(template, bindings, LocalAws::start);
  }

  /**
   * The same, on servers that the caller starts; they are closed with the template, or when it does
   * not start.
   */
  public static RunningTemplate start(
      TemplateFile template, Bindings bindings, Supplier<LocalAws> servers)
      throws InterruptedException {
    Plan plan = PlanReader.read(template, bindings);
    var aws = servers.get();
    return deployed(over(aws, template.stackName(), plan), bindings);
  }

  /**
   * The same, on servers that go on when the template is closed: its tables and queues are deleted
   * then, and what its functions wrote elsewhere, indices above all, is not.
   */
  public static RunningTemplate startOn(LocalAws aws, TemplateFile template, Bindings bindings)
      throws InterruptedException {
    Plan plan = PlanReader.read(template, bindings);
    var deployment = new Deployment(template.stackName(), plan, aws);
    return deployed(
        new RunningTemplate(template.stackName(), aws, deployment, deployment::delete), bindings);
  }

  private static RunningTemplate deployed(RunningTemplate running, Bindings bindings)
      throws InterruptedException {
    try {
      running.deployment.deploy(bindings);
      return running;
    } catch (Throwable e) {
      running.close();
      throw e;
    }
  }

  private static RunningTemplate over(LocalAws aws, String stackName, Plan plan) {
    try {
      var deployment = new Deployment(stackName, plan, aws);
      return new RunningTemplate(stackName, aws, deployment, aws::close);
    } catch (LocalServerException e) {
      aws.close();
      throw e;
    }
  }

  /** The name under which {@link #lambdaApi} tags what is the template's. */
  public String stackName() {
    return stackName;
  }

  /** Lambda's API, where any AWS SDK client invokes the template's functions. */
  public LambdaApi lambdaApi() {
    return deployment.lambdaApi();
  }

  /** The servers beneath it. */
  public LocalAws aws() {
    return aws;
  }

  /** Where the search domain answers, without authentication. */
  public URI searchEndpoint() {
    return aws.search().endpoint();
  }

  public List<RunningTable> tables() {
    return deployment.tables();
  }

  /**
   * The table with this logical id.
   *
   * @throws NoSuchElementException if the template has no such table
   */
  public RunningTable table(String logicalId) {
    return find(tables(), RunningTable::logicalId, logicalId);
  }

  public List<RunningQueue> queues() {
    return deployment.queues();
  }

  /**
   * The queue with this logical id.
   *
   * @throws NoSuchElementException if the template has no such queue
   */
  public RunningQueue queue(String logicalId) {
    return find(queues(), RunningQueue::logicalId, logicalId);
  }

  public List<RunningFunction> functions() {
    return deployment.functions();
  }

  /**
   * The function with this logical id.
   *
   * @throws NoSuchElementException if the template has no such function
   */
  public RunningFunction function(String logicalId) {
    return find(functions(), RunningFunction::logicalId, logicalId);
  }

  public List<RunningMapping> mappings() {
    return deployment.mappings();
  }

  /**
   * The mapping with this logical id.
   *
   * @throws NoSuchElementException if the template has no such mapping
   */
  public RunningMapping mapping(String logicalId) {
    return find(mappings(), RunningMapping::logicalId, logicalId);
  }

  /** The mappings that poll queues; {@link #mappings} has those that read streams. */
  public List<RunningQueueMapping> queueMappings() {
    return deployment.queueMappings();
  }

  /**
   * The queue's mapping with this logical id.
   *
   * @throws NoSuchElementException if the template has no such mapping
   */
  public RunningQueueMapping queueMapping(String logicalId) {
    return find(queueMappings(), RunningQueueMapping::logicalId, logicalId);
  }

  /**
   * What has gone wrong since the start, each thing once: functions that do not initialise, throw,
   * crash or take too long, and servers that did not answer.
   */
  public List<String> problems() {
    return deployment.problems();
  }

  /** Stops everything, but servers that are not its own; data is gone. */
  @Override
  public void close() {
    // Mappings and functions first, then the servers that they use.
    try {
      deployment.close();
    } finally {
      afterwards.run();
    }
  }

  private static <T> T find(List<T> all, Function<T, String> id, String logicalId) {
    return all.stream()
        .filter(each -> id.apply(each).equals(logicalId))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    logicalId + " is not one of " + all.stream().map(id).toList()));
  }
}
