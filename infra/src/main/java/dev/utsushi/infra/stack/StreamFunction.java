package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StreamSettings;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.ApplicationLogLevel;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.SystemLogLevel;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** A function of one stream, with its role, its logs, and the alias that sources invoke. */
final class StreamFunction extends Construct {
  private final FunctionKind kind;
  private final StreamSettings settings;
  private final Role role;
  private final Function function;
  private final Optional<Alias> live;

  StreamFunction(
      Construct scope,
      FunctionKind kind,
      StreamSettings settings,
      FunctionSettings variables,
      Surroundings surroundings) {
    super(scope, kind.id());
    this.kind = kind;
    this.settings = settings;
    LogGroup logs = logs(surroundings);
    role = role(logs);
    function = function(surroundings, logs, variables);
    live = kind.isPublished() ? Optional.of(publish()) : Optional.empty();
  }

  Role role() {
    return role;
  }

  Function function() {
    return function;
  }

  /** What invokes it names this: SnapStart is of published versions only. */
  String invokedArn() {
    return live.map(Alias::getFunctionArn).orElseGet(function::getFunctionArn);
  }

  private Alias publish() {
    Annotations.of(function)
        .acknowledgeWarning(
            "@aws-cdk/aws-lambda:snapStartRequirePublish", "The alias is of a published version.");
    return Alias.Builder.create(this, "Live")
        .aliasName("live")
        .version(function.getCurrentVersion())
        .build();
  }

  private LogGroup logs(Surroundings surroundings) {
    return LogGroup.Builder.create(this, "Logs")
        .retention(Retention.ofDays(surroundings.settings().logRetentionDays()))
        .removalPolicy(RemovalPolicy.DESTROY)
        .build();
  }

  /** Not AWS's managed role: that one may write every log group of the account. */
  private Role role(LogGroup logs) {
    Role created =
        Role.Builder.create(this, "Role")
            .description(kind.description(settings))
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    created.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("logs:CreateLogStream", "logs:PutLogEvents"))
            .resources(List.of(logs.getLogGroupArn()))
            .build());
    return created;
  }

  private Function function(Surroundings surroundings, LogGroup logs, FunctionSettings variables) {
    Function.Builder builder =
        Function.Builder.create(this, "Function")
            .description(kind.description(settings))
            .runtime(Runtime.JAVA_25)
            .architecture(architecture(settings.running().architecture()))
            .handler(kind.handler())
            .code(Code.fromAsset(surroundings.functionJar().toString()))
            .memorySize(settings.running().memoryMib())
            .timeout(Duration.seconds(kind.timeout(settings).toSeconds()))
            .environment(variables.variables())
            .role(role)
            .logGroup(logs)
            .loggingFormat(LoggingFormat.JSON)
            // Metrics come as log lines of this level: a higher one would lose them.
            .applicationLogLevelV2(ApplicationLogLevel.INFO)
            // Two lines for each invocation that say what Lambda's metrics say.
            .systemLogLevelV2(SystemLogLevel.WARN);
    if (kind.isPublished()) {
      builder.snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS);
    }
    if (kind == FunctionKind.REPLICATION) {
      settings.running().reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
    }
    if (kind.reachesIndex(settings)) {
      surroundings.network().ifPresent(network -> join(network, builder));
    }
    return builder.build();
  }

  private void join(Network network, Function.Builder builder) {
    builder
        .vpc(network.vpc())
        .vpcSubnets(network.subnets())
        .securityGroups(List.of(network.functions()));
    NetworkAccess.grant(role);
  }

  private static Architecture architecture(String name) {
    return name.equals("arm64") ? Architecture.ARM_64 : Architecture.X86_64;
  }
}
