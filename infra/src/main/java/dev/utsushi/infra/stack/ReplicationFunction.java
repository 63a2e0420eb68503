package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StreamSettings;
import dev.utsushi.lambda.ReplicationHandler;
import dev.utsushi.settings.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
import software.amazon.awscdk.services.lambda.IVersion;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.SystemLogLevel;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** The function of one stream, with its role, its logs, and the alias that the stream invokes. */
final class ReplicationFunction extends Construct {
  private static final String HANDLER = ReplicationHandler.class.getName() + "::handleRequest";

  private final StreamSettings settings;
  private final Role role;
  private final Function function;
  private final Alias live;

  ReplicationFunction(Construct scope, StreamSettings settings, Surroundings surroundings) {
    super(scope, "Replication");
    this.settings = settings;
    LogGroup logs = logs(surroundings);
    role = role(logs);
    function = function(surroundings, logs);
    live = Alias.Builder.create(this, "Live").aliasName("live").version(version()).build();
  }

  Role role() {
    return role;
  }

  Function function() {
    return function;
  }

  /** The alias: SnapStart is of published versions only. */
  Alias live() {
    return live;
  }

  private IVersion version() {
    return function.getCurrentVersion();
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
            .description("Utsushi: copies a stream to " + settings.index())
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    created.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("logs:CreateLogStream", "logs:PutLogEvents"))
            .resources(List.of(logs.getLogGroupArn()))
            .build());
    return created;
  }

  private Function function(Surroundings surroundings, LogGroup logs) {
    StreamSettings.Running running = settings.running();
    Function.Builder builder =
        Function.Builder.create(this, "Function")
            .description("Utsushi: copies a stream to " + settings.index())
            .runtime(Runtime.JAVA_25)
            .architecture(architecture(running.architecture()))
            .handler(HANDLER)
            .code(Code.fromAsset(surroundings.functionJar().toString()))
            .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
            .memorySize(running.memoryMib())
            .timeout(Duration.seconds(running.timeout().toSeconds()))
            .environment(variables(surroundings.search()))
            .role(role)
            .logGroup(logs)
            .loggingFormat(LoggingFormat.JSON)
            // Metrics come as log lines of this level: a higher one would lose them.
            .applicationLogLevelV2(ApplicationLogLevel.INFO)
            // Two lines for each invocation that say what Lambda's metrics say.
            .systemLogLevelV2(SystemLogLevel.WARN);
    running.reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
    surroundings.network().ifPresent(network -> join(network, builder));
    Function created = builder.build();
    Annotations.of(created)
        .acknowledgeWarning(
            "@aws-cdk/aws-lambda:snapStartRequirePublish", "The alias is of a published version.");
    return created;
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

  private Map<String, String> variables(SearchTarget search) {
    Map<Setting, String> values = new TreeMap<>();
    values.put(Setting.SEARCH_ENDPOINT, search.endpoint());
    values.put(Setting.SEARCH_AUTH, word(search.auth()));
    search.secretArn().ifPresent(arn -> values.put(Setting.SEARCH_SECRET_ARN, arn));
    values.put(Setting.INDEX, settings.index());
    values.put(Setting.PARTITION_KEY, settings.table().partitionKeyName());
    settings.table().sortKeyName().ifPresent(name -> values.put(Setting.SORT_KEY, name));
    settings.mapping().ifPresent(mapping -> values.put(Setting.MAPPING, mapping));
    values.put(Setting.TTL_DELETES, word(settings.ttlDeletes()));
    settings.lagAttribute().ifPresent(name -> values.put(Setting.LAG_ATTRIBUTE, name));
    Map<String, String> variables = new TreeMap<>();
    values.forEach((setting, value) -> variables.put(setting.variable(), value));
    return variables;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
