package dev.utsushi.local.lambda;

import dev.utsushi.local.lambda.InvocationResult.Crashed;
import dev.utsushi.local.lambda.InvocationResult.FunctionError;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.TimedOut;
import dev.utsushi.local.lambda.RuntimeApi.Invocation;
import dev.utsushi.local.lambda.RuntimeApi.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One execution environment: a JVM with the function in it. The caller gives it one invocation at a
 * time.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html">The
 *     execution environment's life cycle</a>
 */
final class ExecutionEnvironment implements AutoCloseable {

  /** The managed runtimes give 85 % of a function's memory to the heap. */
  private static final int HEAP_PERCENT = 85;

  /** On-demand environments get 10 s to initialize, and the time-out once more if that fails. */
  private static final Duration INIT_LIMIT = Duration.ofSeconds(10);

  private static final long KILL_SECONDS = 5;

  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final LambdaConfiguration configuration;
  private final RuntimeApi api;
  private final Process process;
  private final Thread log;

  /** Starts the process; {@link #awaitInit} must follow. */
  ExecutionEnvironment(
      LambdaConfiguration configuration, RuntimeInterfaceClient client, Path taskRoot)
      throws IOException {
    this.configuration = configuration;
    api = new RuntimeApi(configuration.arn(), signals::add);
    try {
      process = builder(client, taskRoot).start();
    } catch (IOException e) {
      api.close();
      throw e;
    }
    var _ = process.onExit().thenAccept(ended -> signals.add(new Signal.Exited(ended.exitValue())));
    // Not virtual: reading a pipe blocks the carrier, and ten such threads can block all of them.
    log = Thread.ofPlatform().daemon().name("log-of-" + process.pid()).start(this::readLog);
  }

  private ProcessBuilder builder(RuntimeInterfaceClient client, Path taskRoot) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + configuration.memoryMegabytes() * HEAP_PERCENT / 100 + "m");
    command.addAll(configuration.jvmFlags());
    command.add(client.nativeLibraryFlag());
    command.add("-cp");
    command.add(client.classPathWith(configuration.code()));
    command.add(RuntimeInterfaceClient.MAIN_CLASS);
    command.add(configuration.handler());
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).directory(taskRoot.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables(taskRoot));
    return builder;
  }

  LambdaConfiguration configuration() {
    return configuration;
  }

  /**
   * Returns the function's own variables and those that Lambda sets. The latter win, except for
   * credentials and region, which a local function may set.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime">Defined
   *     runtime environment variables</a>
   */
  private Map<String, String> variables(Path taskRoot) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AWS_REGION", LambdaConfiguration.REGION);
    variables.put("AWS_DEFAULT_REGION", LambdaConfiguration.REGION);
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("AWS_SESSION_TOKEN", "local");
    variables.put("TZ", ":UTC");
    variables.put("LANG", "en_US.UTF-8");
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.putAll(configuration.environment());
    variables.put("_HANDLER", configuration.handler());
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    variables.put("AWS_LAMBDA_FUNCTION_NAME", configuration.functionName());
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(configuration.memoryMegabytes()));
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", configuration.initializationType());
    variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + configuration.functionName());
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "[$LATEST]" + UUID.randomUUID());
    variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
    variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
    variables.put("LAMBDA_RUNTIME_DIR", taskRoot.toString());
    return variables;
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        configuration.log().accept(new LogLine(configuration.functionName(), process.pid(), text));
      }
    } catch (IOException _) {
      // The log of a killed process ends with its pipe.
    }
  }

  /**
   * Waits until the runtime asks for its first invocation.
   *
   * @return why it never did, or empty if it did
   */
  Optional<InitFailed> awaitInit(String requestId) throws InterruptedException {
    Duration limit = INIT_LIMIT.plus(configuration.timeout());
    long end = System.nanoTime() + limit.toNanos();
    InitFailed failure = new InitFailed(requestId, "Runtime.ExitError", "");
    while (true) {
      switch (await(end)) {
        case Signal.AskedForNext() -> {
          return Optional.empty();
        }
        case Signal.ReportedError(String type, String payload) ->
            failure = new InitFailed(requestId, type, payload);
        case Signal.Exited(int _) -> {
          return Optional.of(failure);
        }
        case null -> {
          return Optional.of(new InitFailed(requestId, "Sandbox.Timedout", limit.toString()));
        }
        case Signal.Responded _ ->
            throw new IllegalStateException("The runtime responded before any invocation");
      }
    }
  }

  /**
   * Runs one invocation. The result is final once the runtime asks for the next one: then the
   * invoke phase is over, and the environment may be given another.
   */
  InvocationResult invoke(String requestId, String payload) throws InterruptedException {
    long end = System.nanoTime() + configuration.timeout().toNanos();
    api.handOver(new Invocation(requestId, Instant.now().plus(configuration.timeout()), payload));
    InvocationResult outcome = null;
    while (true) {
      switch (await(end)) {
        case Signal.Responded(String reply) -> outcome = new Succeeded(requestId, reply);
        case Signal.ReportedError(String type, String report) ->
            outcome = new FunctionError(requestId, type, report);
        case Signal.AskedForNext() -> {
          return outcome == null ? new Crashed(requestId, 0) : outcome;
        }
        case Signal.Exited(int status) -> {
          return outcome instanceof FunctionError error ? error : new Crashed(requestId, status);
        }
        case null -> {
          close();
          return new TimedOut(requestId, configuration.timeout());
        }
      }
    }
  }

  private @Nullable Signal await(long end) throws InterruptedException {
    return signals.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Kills the process, as the service does: a function gets no signal to clean up. */
  @Override
  public void close() {
    process.destroyForcibly();
    api.close();
    try {
      // The caller may count processes and read the log next.
      boolean _ = process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
      boolean _ = log.join(Duration.ofSeconds(KILL_SECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
