package dev.utsushi.local.lambda;

import dev.utsushi.local.TemporaryDirectory;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.local.lambda.InvocationResult.Throttled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A deployed function. An invocation that finds no idle execution environment starts one, up to the
 * reserved concurrency. Environments are reused, the last used first. The next invocation replaces
 * one that died.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html">Function
 *     scaling</a>
 */
public final class LambdaFunction implements Invocable, AutoCloseable {

  private final Deque<ExecutionEnvironment> idle = new ConcurrentLinkedDeque<>();
  private final Set<ExecutionEnvironment> environments = ConcurrentHashMap.newKeySet();
  private final Thread killer = new Thread(this::killAndTidy, "kill-environments");
  private final LogGroup logs;
  private volatile LambdaConfiguration configuration;
  private final Semaphore concurrency;
  private final TemporaryDirectory taskRoot;
  private final RuntimeInterfaceClient client;
  private volatile boolean closed;

  /**
   * Prepares the function; no environment starts before the first invocation.
   *
   * @throws UncheckedIOException if no working directory can be created
   */
  public LambdaFunction(LambdaConfiguration configuration) {
    logs = new LogGroup("/aws/lambda/" + configuration.functionName());
    this.configuration = configuration.withLog(logs.before(configuration.log()));
    concurrency = new Semaphore(configuration.reservedConcurrency());
    taskRoot = TemporaryDirectory.create("lambda-" + configuration.functionName() + "-");
    try {
      client = RuntimeInterfaceClient.unpackedTo(taskRoot.path());
    } catch (IOException e) {
      throw TemporaryDirectory.unwritable(e);
    }
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Sets variables, beside those that there are. Invocations in flight end with the old ones.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html">UpdateFunctionConfiguration</a>
   */
  public void setEnvironment(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(configuration.environment());
    all.putAll(variables);
    configuration = configuration.withEnvironment(all);
  }

  @Override
  public InvocationResult invoke(byte[] payload) throws InterruptedException {
    String requestId = UUID.randomUUID().toString();
    if (closed || !concurrency.tryAcquire()) {
      return new Throttled(requestId);
    }
    try {
      long end = System.nanoTime() + configuration.leastInvocationTime().toNanos();
      Thread.sleep(configuration.invocationOverhead());
      InvocationResult result = invokeIn(requestId, new String(payload, StandardCharsets.UTF_8));
      Thread.sleep(Duration.ofNanos(end - System.nanoTime()));
      return result;
    } finally {
      concurrency.release();
    }
  }

  /**
   * Starts an environment ahead of the first invocation, which will use it. A deployment does so
   * for a function with SnapStart.
   *
   * @return why the function does not initialize, or empty if it does
   * @throws InterruptedException when the calling thread is interrupted
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html">SnapStart</a>
   */
  public Optional<InitFailed> initialize() throws InterruptedException {
    ExecutionEnvironment environment = launch();
    boolean ready = false;
    try {
      var failure = environment.awaitInit(UUID.randomUUID().toString());
      ready = failure.isEmpty() && !closed;
      return failure;
    } finally {
      giveBack(environment, ready);
    }
  }

  private InvocationResult invokeIn(String requestId, String payload) throws InterruptedException {
    ExecutionEnvironment environment = idleEnvironment();
    boolean reusable = false;
    try {
      if (environment == null) {
        environment = launch();
        Optional<InitFailed> failure = environment.awaitInit(requestId);
        if (failure.isPresent()) {
          return failure.get();
        }
      }
      InvocationResult result = environment.invoke(requestId, payload);
      reusable = isUsable(environment) && !closed;
      return result;
    } finally {
      giveBack(environment, reusable);
    }
  }

  private @Nullable ExecutionEnvironment idleEnvironment() {
    for (var environment = idle.pollLast(); environment != null; environment = idle.pollLast()) {
      if (isUsable(environment)) {
        return environment;
      }
      giveBack(environment, false);
    }
    return null;
  }

  private boolean isUsable(ExecutionEnvironment environment) {
    return environment.isAlive() && environment.configuration().equals(configuration);
  }

  private ExecutionEnvironment launch() {
    try {
      var environment = new ExecutionEnvironment(configuration, client, taskRoot.path());
      environments.add(environment);
      return environment;
    } catch (IOException e) {
      throw new UncheckedIOException("No JVM for " + configuration.functionName(), e);
    }
  }

  private void giveBack(@Nullable ExecutionEnvironment environment, boolean reusable) {
    if (environment == null) {
      return;
    }
    if (reusable) {
      idle.addLast(environment);
    } else {
      environment.close();
      environments.remove(environment);
    }
  }

  @Override
  public String arn() {
    return configuration.arn();
  }

  public LambdaConfiguration configuration() {
    return configuration;
  }

  /** Returns what the environments wrote last. */
  public LogGroup logs() {
    return logs;
  }

  /** Returns the processes of the live environments, so that a test can kill one. */
  public List<ProcessHandle> environments() {
    return environments.stream()
        .map(ExecutionEnvironment::handle)
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  /** Kills every environment; an invocation in flight ends as a crash, a later one is throttled. */
  @Override
  public void close() {
    closed = true;
    killAndTidy();
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException _) {
      // The JVM is shutting down, and the hook is already running.
    }
  }

  private void killAndTidy() {
    environments.forEach(ExecutionEnvironment::close);
    try {
      taskRoot.close();
    } catch (UncheckedIOException _) {
      // A handler may still write files in its working directory: leave them.
    }
  }
}
