package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.lambda.LambdaApi;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.queue.QueueMappingCounters;
import dev.utsushi.local.queue.QueueMappingSettings;
import java.net.URI;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A template that runs on the embedded AWS: its tables with their streams, its functions, its event
 * source mappings, its queues, and the embedded engine as its search domain.
 *
 * <pre>{@code
 * var template = Template.read(Path.of("cdk.out/Stack.template.json"));
 * try (var running = RunningTemplate.start(template, Bindings.none())) {
 *   running.aws().dynamoDb().client().putItem(…);
 * }
 * }</pre>
 */
public final class RunningTemplate implements AutoCloseable {

  /** A resource that runs, found by its logical id. */
  public sealed interface Part {
    String logicalId();
  }

  /**
   * A table.
   *
   * @param logicalId in the template, or the name of an imported table
   * @param streamArn empty for a table without a stream
   */
  public record Table(String logicalId, String name, String streamArn) implements Part {}

  /** A queue. */
  public record Queue(String logicalId, String name, String url) implements Part {}

  /** A function, with the environment that it really has. */
  public record Function(String logicalId, LambdaFunction function) implements Part {

    public String name() {
      return function.configuration().functionName();
    }
  }

  /**
   * A mapping from a stream to a function.
   *
   * @param table whose stream is read
   * @param onFailure receives messages about records that are given up
   */
  public record Mapping(
      String logicalId,
      Table table,
      Function function,
      EventSourceMappingSettings settings,
      Optional<Queue> onFailure,
      EventSourceMapping running)
      implements Part {

    /** Counts since the start; all zero if the template disables the mapping. */
    public MappingCounters counters() {
      return running.counters();
    }
  }

  /** A mapping from a queue to a function. */
  public record QueueMapping(
      String logicalId,
      Queue queue,
      Function function,
      QueueMappingSettings settings,
      QueueEventSourceMapping running)
      implements Part {

    /** Counts since the start; all zero if the template disables the mapping. */
    public QueueMappingCounters counters() {
      return running.counters();
    }
  }

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
   * @throws TemplateException with everything in it that is not supported, or would be refused
   */
  public static void check(Template template, Bindings bindings) {
    var _ = StackPlan.read(template, bindings);
  }

  /**
   * Starts the servers and everything that the template says.
   *
   * @throws TemplateException if the template is refused, or one of its functions with SnapStart
   *     does not initialise; nothing is left running then
   * @throws LocalServerException if a server does not start
   * @throws InterruptedException when the calling thread is interrupted; nothing is left running
   */
  public static RunningTemplate start(Template template, Bindings bindings)
      throws InterruptedException {
    check(template, bindings);
    LocalAws aws = LocalAws.start();
    try {
      return deployed(aws, template, bindings, aws::close);
    } catch (Throwable e) {
      aws.close();
      throw e;
    }
  }

  /**
   * The same, on servers that go on when the template is closed. Its tables and queues are deleted
   * then; what its functions wrote elsewhere, indices above all, is not.
   */
  public static RunningTemplate startOn(LocalAws aws, Template template, Bindings bindings)
      throws InterruptedException {
    return deployed(aws, template, bindings, () -> {});
  }

  private static RunningTemplate deployed(
      LocalAws aws, Template template, Bindings bindings, Runnable afterwards)
      throws InterruptedException {
    StackPlan plan = StackPlan.read(template, bindings);
    var deployment = new Deployment(template.stackName(), plan, aws);
    try {
      deployment.deploy(bindings);
      return new RunningTemplate(template.stackName(), aws, deployment, afterwards);
    } catch (Throwable e) {
      deployment.close();
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

  public List<Table> tables() {
    return deployment.tables();
  }

  /**
   * The table with this logical id.
   *
   * @throws NoSuchElementException if the template has no such table
   */
  public Table table(String logicalId) {
    return find(tables(), logicalId);
  }

  public List<Queue> queues() {
    return deployment.queues();
  }

  /**
   * The queue with this logical id.
   *
   * @throws NoSuchElementException if the template has no such queue
   */
  public Queue queue(String logicalId) {
    return find(queues(), logicalId);
  }

  public List<Function> functions() {
    return deployment.functions();
  }

  /**
   * The function with this logical id.
   *
   * @throws NoSuchElementException if the template has no such function
   */
  public Function function(String logicalId) {
    return find(functions(), logicalId);
  }

  /** The mappings of streams. */
  public List<Mapping> mappings() {
    return deployment.mappings();
  }

  /**
   * The stream's mapping with this logical id.
   *
   * @throws NoSuchElementException if the template has no such mapping
   */
  public Mapping mapping(String logicalId) {
    return find(mappings(), logicalId);
  }

  /** The mappings of queues. */
  public List<QueueMapping> queueMappings() {
    return deployment.queueMappings();
  }

  /**
   * The queue's mapping with this logical id.
   *
   * @throws NoSuchElementException if the template has no such mapping
   */
  public QueueMapping queueMapping(String logicalId) {
    return find(queueMappings(), logicalId);
  }

  /**
   * What has gone wrong since the start, each thing once: functions that do not initialise, throw,
   * crash or take too long, and servers that did not answer.
   */
  public List<String> problems() {
    return deployment.problems();
  }

  /** Stops everything except servers that are not its own; data is gone. */
  @Override
  public void close() {
    try {
      deployment.close();
    } finally {
      afterwards.run();
    }
  }

  private static <P extends Part> P find(List<P> parts, String logicalId) {
    return parts.stream()
        .filter(part -> part.logicalId().equals(logicalId))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    logicalId + " is not one of " + parts.stream().map(Part::logicalId).toList()));
  }
}
