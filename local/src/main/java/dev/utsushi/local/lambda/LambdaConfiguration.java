package dev.utsushi.local.lambda;

import dev.utsushi.local.Limits;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A function's configuration. Start from {@link #of} and change what differs.
 *
 * @param functionName 1 to 64 letters, digits, {@code -} and {@code _}
 * @param code the function's jar, or its whole class path
 * @param handler {@code package.Class::method}
 * @param environment the function's own environment variables; it inherits none of this JVM's
 * @param memoryMegabytes 128 to 10,240; the Java heap gets 85 % of it
 * @param timeout how long one invocation may take, up to 15 minutes
 * @param reservedConcurrency how many environments may run at once; 0 throttles every invocation
 * @param jvmFlags flags of the function's JVM in addition to the heap's size
 * @param invocationOverhead a real wait before the handler of each invocation, for the overhead of
 *     the real service; zero for none
 * @param leastInvocationTime a shorter invocation waits for the rest of this time after the
 *     handler, so that its duration does not depend on this machine; zero for none
 * @param log receives each line that the function writes, on a thread per environment
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
 *     quotas</a>
 */
@RecordBuilder
public record LambdaConfiguration(
    String functionName,
    List<Path> code,
    String handler,
    Map<String, String> environment,
    int memoryMegabytes,
    Duration timeout,
    int reservedConcurrency,
    List<String> jvmFlags,
    Duration invocationOverhead,
    Duration leastInvocationTime,
    Consumer<LogLine> log)
    implements LambdaConfigurationBuilder.With {

  /** The JVM flags of the managed Java runtimes. */
  public static final List<String> LAMBDA_JVM_FLAGS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  static final String REGION = "us-east-1";
  static final String ACCOUNT = "000000000000";

  /** Lambda sets this flag, with which the runtime runs a function's SnapStart hooks. */
  private static final String SNAP_START_FLAG =
      "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac";

  /**
   * @throws IllegalArgumentException naming every setting that is out of range
   */
  public LambdaConfiguration {
    code = List.copyOf(code);
    environment = Map.copyOf(environment);
    jvmFlags = List.copyOf(jvmFlags);
    var limits = new Limits();
    limits.require(
        functionName.matches("[A-Za-z0-9_-]{1,64}"),
        "functionName takes 1 to 64 letters, digits, - and _, not " + functionName);
    limits.require(!code.isEmpty(), "code needs at least one jar or directory");
    limits.require(!handler.isBlank(), "handler is empty; it looks like package.Class::method");
    limits.check("memoryMegabytes", memoryMegabytes, 128, 10_240);
    limits.require(
        timeout.isPositive() && timeout.compareTo(Duration.ofMinutes(15)) <= 0,
        "timeout takes more than zero and at most 15 minutes, not " + timeout);
    limits.require(
        reservedConcurrency >= 0,
        "reservedConcurrency can't be negative, but is " + reservedConcurrency);
    limits.require(
        !invocationOverhead.isNegative(),
        "invocationOverhead can't be negative, but is " + invocationOverhead);
    limits.require(
        !leastInvocationTime.isNegative(),
        "leastInvocationTime can't be negative, but is " + leastInvocationTime);
    limits.throwProblems();
  }

  /** Returns 512 MB, 30 s, at most 10 environments, Lambda's JVM flags, no overhead, no log. */
  public static LambdaConfiguration of(String functionName, List<Path> code, String handler) {
    return new LambdaConfiguration(
        functionName,
        code,
        handler,
        Map.of(),
        512,
        Duration.ofSeconds(30),
        10,
        LAMBDA_JVM_FLAGS,
        Duration.ZERO,
        Duration.ZERO,
        line -> {});
  }

  /**
   * Sets SnapStart's initialization type and runs its hooks, before the checkpoint and after the
   * restore. There is no snapshot: each environment runs both.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks.html">Runtime
   *     hooks</a>
   */
  public LambdaConfiguration withSnapStart() {
    return withJvmFlags(Stream.concat(jvmFlags.stream(), Stream.of(SNAP_START_FLAG)).toList());
  }

  String initializationType() {
    return jvmFlags.contains(SNAP_START_FLAG) ? "snap-start" : "on-demand";
  }

  /** Returns the function's ARN, in a fictitious account. */
  public String arn() {
    return "arn:aws:lambda:%s:%s:function:%s".formatted(REGION, ACCOUNT, functionName);
  }
}
