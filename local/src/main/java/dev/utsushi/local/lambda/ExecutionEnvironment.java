package dev.utsushi.local.lambda;

import dev.utsushi.local.lambda.InvocationResult.Crashed;
import dev.utsushi.local.lambda.InvocationResult.FunctionError;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.TimedOut;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One execution environment: a JVM with the function in it. It takes one invocation at a time, and
 * the caller sees to that.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html">The
 *     execution environment's life cycle</a>
 */
final class ExecutionEnvironment implements AutoCloseable {

  /** 85 % of a function's memory is what the managed runtimes give to the heap. */
  private static final int HEAP_PERCENT = 85;

  /** On-demand environments get 10 s to initialise, and the time-out once more when they fail. */
  private static final Duration INIT_LIMIT = Duration.ofSeconds(10);

  private static final long KILL_SECONDS = 5;

  private final BlockingQueue<RuntimeSignal> signals = new LinkedBlockingQueue<>();
  private final LambdaConfiguration configuration;
  private final RuntimeApi api;
  private final Process process;
  private final Thread log;

  private ExecutionEnvironment(
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
    var _ =
        process
            .onExit()
            .thenAccept(ended -> signals.add(new RuntimeSignal.Exited(ended.exitValue())));
    log = Thread.ofVirtual().name("log-of-" + process.pid()).start(this::readLog);
  }

  /** Starts the process; {@link #awaitInit} must follow. */
  static ExecutionEnvironment launch(
      LambdaConfiguration configuration, RuntimeInterfaceClient client, Path taskRoot)
      throws IOException {
    return new ExecutionEnvironment(configuration, client, taskRoot);
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
    builder.environment().putAll(ReservedVariables.of(configuration, api.address(), taskRoot));
    return builder;
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        configuration.log().accept(new LogLine(configuration.functionName(), pid(), text));
      }
    } catch (IOException _) {
      // A killed process takes its pipe with it: the log ends there.
    }
  }

  /** Waits until the runtime asks for its first invocation; what it returns is why it never did. */
  Optional<InitFailed> awaitInit(String requestId) throws InterruptedException {
    Duration limit = INIT_LIMIT.plus(configuration.timeout());
    long giveUpAt = System.nanoTime() + limit.toNanos();
    InitFailed failure = new InitFailed(requestId, "Runtime.ExitError", "");
    while (true) {
      switch (await(giveUpAt)) {
        case RuntimeSignal.AskedForNext() -> {
          return Optional.empty();
        }
        case RuntimeSignal.ReportedInitError(String type, String payload) ->
            failure = new InitFailed(requestId, type, payload);
        case RuntimeSignal.Exited(int _) -> {
          return Optional.of(failure);
        }
        case null -> {
          return Optional.of(new InitFailed(requestId, "Sandbox.Timedout", limit.toString()));
        }
        case RuntimeSignal.Responded _, RuntimeSignal.ReportedError _ ->
            throw new IllegalStateException("An outcome before any invocation");
      }
    }
  }

  /**
   * Runs one invocation. The result is final once the runtime asks for the next one: that is how
   * the invoke phase ends, and only then may the environment be given another.
   */
  InvocationResult invoke(Invocation invocation) throws InterruptedException {
    long giveUpAt = System.nanoTime() + configuration.timeout().toNanos();
    api.handOver(invocation);
    InvocationResult outcome = null;
    while (true) {
      switch (await(giveUpAt)) {
        case RuntimeSignal.Responded(String requestId, String payload) ->
            outcome = new Succeeded(requestId, payload);
        case RuntimeSignal.ReportedError(String requestId, String type, String payload) ->
            outcome = new FunctionError(requestId, type, payload);
        case RuntimeSignal.ReportedInitError(String type, String payload) ->
            outcome = new FunctionError(invocation.requestId(), type, payload);
        case RuntimeSignal.AskedForNext() -> {
          return outcome == null ? new Crashed(invocation.requestId(), 0) : outcome;
        }
        case RuntimeSignal.Exited(int status) -> {
          return outcome instanceof FunctionError error
              ? error
              : new Crashed(invocation.requestId(), status);
        }
        case null -> {
          close();
          return new TimedOut(invocation.requestId(), configuration.timeout());
        }
      }
    }
  }

  private @Nullable RuntimeSignal await(long giveUpAt) throws InterruptedException {
    return signals.poll(giveUpAt - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  Instant deadlineFrom(Instant now) {
    return now.plus(configuration.timeout());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Kills the process, as the service does: a function gets no signal to clean up on. */
  @Override
  public void close() {
    process.destroyForcibly();
    api.close();
    try {
      // A kill that was sent is not one that happened: who closes may count processes next.
      boolean _ = process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
      // Nor has a line that was written been read: who closes may look for it next.
      boolean _ = log.join(Duration.ofSeconds(KILL_SECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
