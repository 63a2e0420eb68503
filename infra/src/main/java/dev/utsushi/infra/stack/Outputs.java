package dev.utsushi.infra.stack;

import dev.utsushi.construct.Replication;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.services.lambda.Function;
import software.constructs.Construct;

/** The stack's outputs, under names that scripts can rely on. */
final class Outputs {
  private static final Pattern WORDS = Pattern.compile("[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*");

  private Outputs() {}

  static void add(Construct scope, String name, String value) {
    CfnOutput.Builder.create(scope, name).value(value).build().overrideLogicalId(name);
  }

  /** Adds what operators need of one stream. */
  static void add(Construct scope, String index, Replication replication) {
    add(scope, index, "DeadLetterQueueUrl", replication.getDeadLetterQueue().getQueueUrl());
    add(scope, index, "FailureQueueUrl", replication.getFailureQueue().getQueueUrl());
    add(scope, index, "ReplayFunctionName", replication.getReplayFunction().getFunctionName());
    add(scope, index, "FunctionRoleArn", replication.getReplicationRole().getRoleArn());
    add(scope, index, "CaptureRoleArn", roleArn(replication.getCaptureFunction()));
    add(scope, index, "ReplayRoleArn", roleArn(replication.getReplayFunction()));
    add(scope, index, "RunRoleArn", roleArn(replication.getRunFunction()));
  }

  private static String roleArn(Function function) {
    return Objects.requireNonNull(function.getRole(), "role").getRoleArn();
  }

  /** Adds an output of one stream: of {@code activity-logs}, {@code ActivityLogs} and the name. */
  static void add(Construct scope, String index, String name, String value) {
    CfnOutput output = CfnOutput.Builder.create(scope, name).value(value).build();
    output.overrideLogicalId(prefix(index) + name);
  }

  /** Returns another prefix for each index: a hash tells apart what capital letters can't. */
  private static String prefix(String index) {
    String words =
        Arrays.stream(index.split("[^a-z0-9]+"))
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
    return WORDS.matcher(index).matches() ? words : words + "%08x".formatted(index.hashCode());
  }
}
