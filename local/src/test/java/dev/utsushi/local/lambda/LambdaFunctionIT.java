package dev.utsushi.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.TestCode;
import dev.utsushi.local.handlers.InitFailingHandler;
import dev.utsushi.local.handlers.ScriptedHandler;
import dev.utsushi.local.lambda.InvocationResult.Crashed;
import dev.utsushi.local.lambda.InvocationResult.FunctionError;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.Throttled;
import dev.utsushi.local.lambda.InvocationResult.TimedOut;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LambdaFunctionIT {

  private final BlockingQueue<LogLine> log = new LinkedBlockingQueue<>();
  private final LambdaConfiguration configuration =
      LambdaConfiguration.of(
              "scripted", TestCode.classPath(), ScriptedHandler.class.getName() + "::handleRequest")
          .withMemoryMegabytes(128)
          .withLog(log::add);
  private LambdaFunction function = new LambdaFunction(configuration);

  @AfterEach
  void close() {
    function.close();
  }

  @Test
  void repliesWithTheHandlersResult() throws Exception {
    assertThat(reply("{\"do\":\"echo\",\"text\":\"写し\"}"))
        .isEqualTo("{\"do\":\"echo\",\"text\":\"写し\"}");
  }

  @Test
  void reusesAnIdleEnvironment() throws Exception {
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("2");
    assertThat(function.environments()).hasSize(1);
  }

  @Test
  void givesTheHandlerItsContextAndMemory() throws Exception {
    assertThat(reply("{\"do\":\"context\"}"))
        .contains(
            "\"arn\":\"arn:aws:lambda:us-east-1:000000000000:function:scripted\"",
            "\"name\":\"scripted\"",
            "\"memory\":128")
        .containsPattern("\"remainingMillis\":(2\\d{4}|30000)")
        .containsPattern("\"maxHeapMegabytes\":10\\d\\b");
  }

  @Test
  void setsTheServicesVariablesAndInheritsNone() throws Exception {
    use(configuration.withEnvironment(Map.of("OWN", "1")));
    assertThat(reply("{\"do\":\"environment\"}"))
        .contains(
            "\"OWN\":\"1\"",
            "\"AWS_LAMBDA_FUNCTION_NAME\":\"scripted\"",
            "\"AWS_LAMBDA_INITIALIZATION_TYPE\":\"on-demand\"",
            "\"AWS_LAMBDA_LOG_FORMAT\":\"JSON\"")
        .doesNotContain("\"HOME\"", "\"USER\"", "JAVA_HOME");
  }

  @Test
  void aThrownExceptionIsAFunctionErrorAndTheEnvironmentStays() throws Exception {
    assertThat(invoke("{\"do\":\"throw\"}"))
        .isInstanceOfSatisfying(
            FunctionError.class,
            error -> {
              assertThat(error.errorType()).isEqualTo("java.lang.IllegalStateException");
              assertThat(error.payload()).contains("\"errorMessage\":\"told to\"");
            });
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("2");
  }

  @Test
  void aTimeOutKillsTheEnvironmentAndTheNextInvocationStartsOne() throws Exception {
    use(configuration.withTimeout(Duration.ofSeconds(2)));
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
    var environment = function.environments().getFirst();
    assertThat(invoke("{\"do\":\"hang\"}"))
        .isInstanceOfSatisfying(
            TimedOut.class,
            timedOut -> assertThat(timedOut.timeout()).isEqualTo(Duration.ofSeconds(2)));
    environment.onExit().get(60, TimeUnit.SECONDS);
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
  }

  @Test
  void anExitingHandlerIsACrashWithItsStatus() throws Exception {
    assertThat(invoke("{\"do\":\"exit\"}"))
        .isInstanceOfSatisfying(
            Crashed.class, crashed -> assertThat(crashed.exitStatus()).isEqualTo(3));
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
  }

  @Test
  void outOfMemoryIsAFunctionError() throws Exception {
    assertThat(invoke("{\"do\":\"fill\"}"))
        .isInstanceOfSatisfying(
            FunctionError.class,
            error -> assertThat(error.errorType()).isEqualTo("java.lang.OutOfMemoryError"));
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
  }

  @Test
  void aKilledHandlerIsACrashAndAKilledIdleEnvironmentIsReplaced() throws Exception {
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<InvocationResult> hanging = threads.submit(() -> invoke("{\"do\":\"hang\"}"));
      logged("hanging");
      killTheEnvironment();
      assertThat(hanging.get()).isInstanceOf(Crashed.class);
    }
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
    killTheEnvironment();
    assertThat(reply("{\"do\":\"count\"}")).isEqualTo("1");
  }

  @Test
  void variablesThatAreSetLaterReachNewEnvironmentsAlone() throws Exception {
    use(configuration.withEnvironment(Map.of("OWN", "1", "OTHER", "1")));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<InvocationResult> hanging = threads.submit(() -> invoke("{\"do\":\"hang\"}"));
      logged("hanging");
      var old = function.environments().getFirst();

      function.setEnvironment(Map.of("OWN", "2", "MORE", "2"));

      assertThat(reply("{\"do\":\"environment\"}"))
          .contains("\"OWN\":\"2\"", "\"OTHER\":\"1\"", "\"MORE\":\"2\"");
      assertThat(old.isAlive()).isTrue();
      old.destroyForcibly();
      assertThat(hanging.get()).isInstanceOf(Crashed.class);
    }
    var idle = function.environments().getFirst();
    function.setEnvironment(Map.of("OWN", "3"));
    assertThat(reply("{\"do\":\"environment\"}")).contains("\"OWN\":\"3\"", "\"MORE\":\"2\"");
    assertThat(idle.isAlive()).isFalse();
  }

  @Test
  void aConstructorThatThrowsFailsTheInit() throws Exception {
    use(
        LambdaConfiguration.of(
            "failing",
            TestCode.classPath(),
            InitFailingHandler.class.getName() + "::handleRequest"));
    assertThat(invoke("{}"))
        .isInstanceOfSatisfying(
            InitFailed.class,
            failed -> assertThat(failed.payload()).contains("a setting is missing"));
  }

  @Test
  void logsLineByLineWithTheProcessThatWroteThem() throws Exception {
    invoke("{\"do\":\"print\",\"text\":\"a line\"}");
    assertThat(logged("a line"))
        .isEqualTo(new LogLine("scripted", function.environments().getFirst().pid(), "a line"));
  }

  @Test
  void startsEnvironmentsAtOnceUpToTheConcurrencyAndThrottlesBeyond() throws Exception {
    use(configuration.withReservedConcurrency(4).withTimeout(Duration.ofSeconds(20)));
    assertThat(atOnce(4, () -> invoke("{\"do\":\"count\"}")))
        .allSatisfy(result -> assertThat(result).isInstanceOf(Succeeded.class));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<InvocationResult>> hanging = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        hanging.add(threads.submit(() -> invoke("{\"do\":\"hang\"}")));
      }
      for (int i = 0; i < 4; i++) {
        logged("hanging");
      }
      assertThat(invoke("{\"do\":\"count\"}")).isInstanceOf(Throttled.class);
      function.close();
      for (Future<InvocationResult> each : hanging) {
        assertThat(each.get()).isInstanceOfAny(Crashed.class, InitFailed.class);
      }
    }
  }

  @Test
  void reservedConcurrencyZeroThrottlesEverything() throws Exception {
    use(configuration.withReservedConcurrency(0));
    assertThat(invoke("{}")).isInstanceOf(Throttled.class);
    assertThat(function.environments()).isEmpty();
  }

  @Test
  void theOverheadDelaysEachInvocation() throws Exception {
    use(configuration.withInvocationOverhead(Duration.ofMillis(300)));
    assertThat(function.initialize()).isEmpty();
    long start = System.nanoTime();
    reply("{\"do\":\"count\"}");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void aShortInvocationIsExtendedToTheLeastTime() throws Exception {
    var least = Duration.ofMillis(1_500);
    use(configuration.withLeastInvocationTime(least));
    assertThat(function.initialize()).isEmpty();
    long start = System.nanoTime();
    reply("{\"do\":\"count\"}");
    Duration filled = Duration.ofNanos(System.nanoTime() - start);
    use(configuration.withLeastInvocationTime(least).withInvocationOverhead(least));
    assertThat(function.initialize()).isEmpty();
    start = System.nanoTime();
    reply("{\"do\":\"count\"}");
    Duration longer = Duration.ofNanos(System.nanoTime() - start);
    assertThat(List.of(filled, longer)).allMatch(time -> time.compareTo(least) >= 0);
    assertThat(longer).isLessThan(least.multipliedBy(2));
  }

  @Test
  void closeEndsEveryProcess() throws Exception {
    reply("{\"do\":\"count\"}");
    ProcessHandle environment = function.environments().getFirst();
    function.close();
    assertThat(environment.isAlive()).isFalse();
    assertThat(invoke("{}")).isInstanceOf(Throttled.class);
  }

  private void use(LambdaConfiguration other) {
    function.close();
    function = new LambdaFunction(other);
  }

  private void killTheEnvironment() throws Exception {
    ProcessHandle environment = function.environments().getFirst();
    environment.destroyForcibly();
    environment.onExit().get(60, TimeUnit.SECONDS);
  }

  /** Returns the next line with this text, and skips those before it. */
  private LogLine logged(String text) throws InterruptedException {
    LogLine line;
    do {
      line = log.poll(60, TimeUnit.SECONDS);
      assertThat(line).as("a line that says " + text).isNotNull();
    } while (!line.text().equals(text));
    return line;
  }

  private static List<InvocationResult> atOnce(int count, Callable<InvocationResult> invocation)
      throws Exception {
    List<InvocationResult> results = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(Collections.nCopies(count, invocation))) {
        results.add(each.get());
      }
    }
    return results;
  }

  private String reply(String event) throws InterruptedException {
    InvocationResult result = invoke(event);
    assertThat(result).isInstanceOf(Succeeded.class);
    return result instanceof Succeeded(_, String payload) ? payload : "";
  }

  private InvocationResult invoke(String event) throws InterruptedException {
    return function.invoke(event.getBytes(StandardCharsets.UTF_8));
  }
}
