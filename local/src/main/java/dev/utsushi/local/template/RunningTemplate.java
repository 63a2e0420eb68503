package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.kinesis.StreamingDestination;
import dev.utsushi.local.lambda.LambdaApi;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.permission.Access;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.queue.QueueMappingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A template that runs on the embedded AWS: its tables with their streams, its functions, its event
 * source mappings, its queues, and the embedded engine as its search domain.
 *
 * <pre>{@code
 * var template = Template.read(Path.of("cdk.out/Stack.template.json"));
 * try (var aws = LocalAws.start();
 *     var running = RunningTemplate.start(aws, template, Bindings.none())) {
 *   aws.dynamoDb().client().putItem(…);
 * }
 * }</pre>
 */
public final class RunningTemplate implements AutoCloseable {

  /** A resource that runs. */
  public sealed interface Part {
    String logicalId();
  }

  /** What a stream's mapping reads. */
  public sealed interface Source extends Part {
    String name();

    /** Returns the ARN of the event source. */
    String streamArn();

    /** Returns the table whose changes are read; empty for a stream that no table here feeds. */
    Optional<Table> table();
  }

  /**
   * A table.
   *
   * @param logicalId in the template, or the name of an imported table
   * @param streamArn empty for a table without a stream
   */
  public record Table(String logicalId, String name, String streamArn) implements Source {
    @Override
    public Optional<Table> table() {
      return Optional.of(this);
    }
  }

  /**
   * A Kinesis stream.
   *
   * @param table whose changes go there, if there is one
   */
  public record Stream(String logicalId, String name, String streamArn, Optional<Table> table)
      implements Source {}

  /**
   * A consumer of a Kinesis stream.
   *
   * @param streamArn the consumer's own ARN
   */
  public record Consumer(String logicalId, Stream stream, String streamArn) implements Source {
    @Override
    public String name() {
      return stream.name();
    }

    @Override
    public Optional<Table> table() {
      return stream.table();
    }
  }

  /**
   * What forwards a table's changes to a Kinesis stream.
   *
   * @param logicalId the table's
   */
  public record Destination(String logicalId, Stream stream, StreamingDestination running)
      implements Part {}

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
   * @param source the stream that is read
   * @param onFailure receives messages about records that are given up
   * @param running not started if the template disables the mapping
   */
  public record Mapping(
      String logicalId,
      Source source,
      Function function,
      EventSourceMappingSettings settings,
      Optional<Queue> onFailure,
      EventSourceMapping running)
      implements Part {}

  /**
   * A mapping from a queue to a function.
   *
   * @param running not started if the template disables the mapping
   */
  public record QueueMapping(
      String logicalId,
      Queue queue,
      Function function,
      QueueMappingSettings settings,
      QueueEventSourceMapping running)
      implements Part {}

  /**
   * A schedule that sends a message to a queue.
   *
   * @param runs whether it does so here: a rate that is enabled
   */
  public record Schedule(String logicalId, Queue queue, String expression, boolean runs)
      implements Part {}

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final List<Part> parts = new ArrayList<>();
  private final RunProblems problems = new RunProblems();
  private final LambdaApi lambdaApi = LambdaApi.start();
  private final String stackName;
  private final LocalAws aws;
  private @Nullable PermissionCheck permissions;

  private RunningTemplate(String stackName, LocalAws aws) {
    this.stackName = stackName;
    this.aws = aws;
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
   * Starts everything that the template says.
   *
   * @param aws the servers, which stay when the template is closed
   * @throws TemplateException if the template is refused, or one of its functions with SnapStart
   *     does not initialize; nothing is left running then
   * @throws InterruptedException when the calling thread is interrupted; nothing is left running
   */
  public static RunningTemplate start(LocalAws aws, Template template, Bindings bindings)
      throws InterruptedException {
    StackPlan plan = StackPlan.read(template, bindings);
    var running = new RunningTemplate(template.stackName(), aws);
    try {
      new Deployment(plan, running, running.problems).deploy();
      return running;
    } catch (Throwable e) {
      running.close();
      throw e;
    }
  }

  void enforce(PermissionCheck check) {
    permissions = check;
  }

  void add(Part part) {
    parts.add(part);
  }

  void repeat(Duration rate, Runnable task) {
    var _ = timer.scheduleAtFixedRate(task, 0, rate.toSeconds(), TimeUnit.SECONDS);
  }

  /** Returns the name under which {@link #lambdaApi} tags what is the template's. */
  public String stackName() {
    return stackName;
  }

  /** Returns Lambda's API, where any AWS SDK client invokes the template's functions. */
  public LambdaApi lambdaApi() {
    return lambdaApi;
  }

  /** Returns the servers; the search domain is their engine, without authentication. */
  public LocalAws aws() {
    return aws;
  }

  /** Returns the resources of one type, in the order of the template. */
  public <P extends Part> List<P> parts(Class<P> type) {
    return parts.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /**
   * Returns the resource with this logical id.
   *
   * @throws NoSuchElementException if the template has no such resource
   */
  public <P extends Part> P part(Class<P> type, String logicalId) {
    List<P> found = parts(type);
    return found.stream()
        .filter(part -> part.logicalId().equals(logicalId))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    logicalId + " is not one of " + found.stream().map(Part::logicalId).toList()));
  }

  /**
   * Returns the problems since the start, each once: functions that do not initialize, throw, crash
   * or take too long, and servers that did not answer.
   */
  public List<String> problems() {
    return problems.found();
  }

  /**
   * Returns what the template's roles may do, such as {@code Role: sqs:SendMessage}, and whether
   * they have done it; nothing unless permissions are enforced.
   */
  public Map<String, Boolean> grantedPermissions() {
    return permissions == null ? Map.of() : permissions.granted();
  }

  /**
   * Returns whether the template's policies allow a role to do something.
   *
   * @param role its logical id
   * @throws IllegalStateException unless permissions are enforced
   */
  public boolean allows(String role, String action, String resource) {
    if (permissions == null) {
      throw new IllegalStateException("permissions are not enforced");
    }
    return permissions.wouldAllow(new Access(role, action, resource));
  }

  /**
   * Closes mappings before functions, so that none invokes a closed function. Deletes tables,
   * streams and queues; what functions wrote elsewhere stays, indices above all.
   */
  @Override
  public void close() {
    timer.shutdownNow();
    parts(Mapping.class).forEach(mapping -> mapping.running().close());
    parts(QueueMapping.class).forEach(mapping -> mapping.running().close());
    parts(Destination.class).forEach(destination -> destination.running().close());
    lambdaApi.close();
    parts(Function.class).forEach(function -> function.function().close());
    if (permissions != null) {
      permissions.close();
    }
    parts(Table.class)
        .forEach(table -> aws.dynamoDb().client().deleteTable(r -> r.tableName(table.name())));
    parts(Stream.class)
        .forEach(
            stream ->
                aws.kinesis()
                    .client()
                    .deleteStream(
                        delete -> delete.streamName(stream.name()).enforceConsumerDeletion(true)));
    parts(Queue.class)
        .forEach(queue -> aws.sqs().client().deleteQueue(r -> r.queueUrl(queue.url())));
  }
}
