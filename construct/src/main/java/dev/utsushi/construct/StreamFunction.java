package dev.utsushi.construct;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.settings.Settings.Setting;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.ApplicationLogLevel;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.ILayerVersion;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.SystemLogLevel;
import software.amazon.awscdk.services.logs.CfnLogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** A function of one stream, with its role, its logs, and the alias that event sources invoke. */
final class StreamFunction extends Construct {
  private static final int LARGEST_ENVIRONMENT_BYTES = 4_096;

  private final FunctionKind kind;
  private final ReplicationProps props;
  private final Role role;
  private final LogGroup logs;
  private final Function function;
  private final Optional<Alias> live;

  StreamFunction(
      Construct scope,
      FunctionKind kind,
      ReplicationProps props,
      Code code,
      Map<String, String> variables) {
    super(scope, kind.id());
    this.kind = kind;
    this.props = props;
    logs = logs(this, props);
    role =
        Role.Builder.create(this, "Role")
            .description(kind.description(props))
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    // Not AWS's managed policy: that one may write to every log group of the account.
    allow(logs.getLogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents");
    function = function(code, variables);
    checkSize(variables);
    live = kind.isPublished() ? Optional.of(publish()) : Optional.empty();
  }

  Function function() {
    return function;
  }

  Role role() {
    return role;
  }

  /** Returns the ARN that event sources invoke. */
  String invokedArn() {
    return live.map(Alias::getFunctionArn).orElseGet(function::getFunctionArn);
  }

  LogGroup logs() {
    return logs;
  }

  /** Adds a variable to the function's environment. */
  void set(Setting setting, String value) {
    function.addEnvironment(setting.variable(), value);
  }

  /** Allows the function some actions on one resource. */
  void allow(String resourceArn, String... actions) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of(actions))
            .resources(List.of(resourceArn))
            .build());
  }

  /** Creates a log group. */
  static LogGroup logs(Construct scope, ReplicationProps props) {
    LogGroup logs =
        LogGroup.Builder.create(scope, "Logs")
            .encryptionKey(props.key.orElse(null))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    var resource =
        (CfnLogGroup) Objects.requireNonNull(logs.getNode().getDefaultChild(), "log group");
    resource.setRetentionInDays(props.logRetentionDays);
    return logs;
  }

  private Function function(Code code, Map<String, String> variables) {
    Function.Builder builder =
        Function.Builder.create(this, "Function")
            .description(kind.description(props))
            .runtime(Runtime.JAVA_25)
            .architecture(props.architecture)
            .handler(kind.handler())
            .code(code)
            .memorySize(kind.memoryMib(props))
            .timeout(kind.timeout(props))
            .environment(variables)
            .role(role)
            .logGroup(logs)
            .loggingFormat(LoggingFormat.JSON)
            // Metrics are log lines of this level: a higher one would lose them.
            .applicationLogLevelV2(ApplicationLogLevel.INFO)
            // INFO adds two lines for each invocation that repeat Lambda's metrics.
            .systemLogLevelV2(SystemLogLevel.WARN);
    builder.layers(
        IntStream.range(0, props.layers.size()).<ILayerVersion>mapToObj(this::layer).toList());
    if (kind.hasSnapStart()) {
      builder.snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS);
    }
    if (kind.isReplication()) {
      builder.reservedConcurrentExecutions(props.reservedConcurrency);
    }
    if (kind.reachesIndex(props)) {
      props.network.ifPresent(network -> network.join(builder, role));
    }
    return builder.build();
  }

  private ILayerVersion layer(int number) {
    return LayerVersion.fromLayerVersionArn(this, "Layer" + number, props.layers.get(number));
  }

  /** Lambda counts variables as JSON, quotes and escapes included. */
  private void checkSize(Map<String, String> variables) {
    long bytes = 2;
    for (var variable : variables.entrySet()) {
      String value = variable.getValue();
      bytes += variable.getKey().length() + value.getBytes(UTF_8).length + 6;
      bytes += value.chars().filter(it -> it == '"' || it == '\\').count();
    }
    if (bytes > LARGEST_ENVIRONMENT_BYTES) {
      Annotations.of(this)
          .addError(
              "The variables have %d bytes, and Lambda takes %d: shorten the filter patterns."
                  .formatted(bytes, LARGEST_ENVIRONMENT_BYTES));
    }
  }

  private Alias publish() {
    if (kind.hasSnapStart()) {
      Annotations.of(function)
          .acknowledgeWarning(
              "@aws-cdk/aws-lambda:snapStartRequirePublish",
              "The alias is of a published version.");
    }
    return Alias.Builder.create(this, "Live")
        .aliasName("live")
        .version(function.getCurrentVersion())
        .build();
  }
}
