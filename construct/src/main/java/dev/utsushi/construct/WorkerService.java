package dev.utsushi.construct;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.construct.StreamMetrics.WorkerReader;
import dev.utsushi.core.settings.Settings.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.RepositoryAttributes;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** The workers of one stream, with their role, their log and the tables of their leases. */
final class WorkerService extends Construct {
  /** Longer than a worker takes to give its shards back, and within the 120 s of Fargate. */
  private static final Duration STOP_TIMEOUT = Duration.seconds(90);

  private static final String NOBODY = "65534:65534";

  /** A client that is in every image with a shell. */
  private static final String HEALTH =
      "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3"
          + " && read -r -t 4 line <&3 && [[ $line == *' 200 '* ]]";

  /** A task definition has 64 KB, of which the other variables and the rest need little. */
  private static final int LARGEST_ENVIRONMENT_BYTES = 48 * 1024;

  private static final Pattern ECR =
      Pattern.compile(
          "(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^:@]+)(?::|@)(.+)");

  private final ReplicationProps props;
  private final WorkerProps worker;
  private final Role role;
  private final LogGroup logs;
  private final FargateService service;

  /**
   * @param variables what the worker shares with the functions, and what it reads and reports to
   */
  WorkerService(
      Construct scope,
      ReplicationProps props,
      WorkerProps worker,
      Map<Setting, String> variables,
      LeaseTables leases) {
    super(scope, "Worker");
    if (props.targets != null) {
      throw new IllegalArgumentException("targets need a function, not workers");
    }
    this.props = props;
    this.worker = worker;
    logs = StreamFunction.logs(this, props);
    role = role("Role", "copies a stream to");
    leases.admit(this);
    variables.put(Setting.WORKER_NAME, leases.name());
    FargateTaskDefinition task = task();
    task.addContainer("Container", container(environment(variables)));
    // The policy exists only now.
    AcceptedFindings.accept(
        task.obtainExecutionRole(),
        "AwsSolutions-IAM5",
        "The token for a registry is of no resource.",
        "Resource::*");
    service = service(task);
    if (props.enabled && worker.maximum > worker.minimum) {
      new WorkerScaling(this, props, worker, new WorkerReader(service));
    }
  }

  FargateService service() {
    return service;
  }

  Role role() {
    return role;
  }

  LogGroup logs() {
    return logs;
  }

  /** Allows the workers some actions on one resource. */
  void allow(String resourceArn, String... actions) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of(actions))
            .resources(List.of(resourceArn))
            .build());
  }

  private Role role(String id, String task) {
    return Role.Builder.create(this, id)
        .description("Utsushi: %s %s".formatted(task, props.index))
        .assumedBy(
            new ServicePrincipal("ecs-tasks.amazonaws.com")
                .withConditions(
                    Map.of(
                        "StringEquals", Map.of("aws:SourceAccount", Stack.of(this).getAccount()))))
        .build();
  }

  private FargateTaskDefinition task() {
    Role execution = role("ExecutionRole", "starts the worker of");
    boolean arm = props.architecture.equals(Architecture.ARM_64);
    FargateTaskDefinition task =
        FargateTaskDefinition.Builder.create(this, "Task")
            .cpu(worker.cpu)
            .memoryLimitMiB(worker.memoryMib)
            .runtimePlatform(
                RuntimePlatform.builder()
                    .cpuArchitecture(arm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64)
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .build())
            .taskRole(role)
            .executionRole(execution)
            .build();
    AcceptedFindings.accept(
        task, "AwsSolutions-ECS2", "The variables are settings; a secret is named by its ARN.");
    return task;
  }

  private ContainerDefinitionOptions container(Map<String, String> environment) {
    return ContainerDefinitionOptions.builder()
        .image(image())
        .environment(environment)
        .logging(
            LogDriver.awsLogs(
                AwsLogDriverProps.builder().logGroup(logs).streamPrefix("worker").build()))
        .readonlyRootFilesystem(true)
        .user(NOBODY)
        .healthCheck(
            HealthCheck.builder()
                .command(List.of("CMD", "bash", "-c", HEALTH))
                .startPeriod(Duration.seconds(60))
                .build())
        .stopTimeout(STOP_TIMEOUT)
        .build();
  }

  /** The role that starts a task may pull from a private repository, and from that one only. */
  private ContainerImage image() {
    Matcher ecr = ECR.matcher(worker.image);
    if (!ecr.matches()) {
      return ContainerImage.fromRegistry(worker.image);
    }
    String arn =
        "arn:%s:ecr:%s:%s:repository/%s"
            .formatted(Aws.PARTITION, ecr.group(2), ecr.group(1), ecr.group(3));
    return ContainerImage.fromEcrRepository(
        Repository.fromRepositoryAttributes(
            this,
            "Repository",
            RepositoryAttributes.builder().repositoryArn(arn).repositoryName(ecr.group(3)).build()),
        ecr.group(4));
  }

  private Map<String, String> environment(Map<Setting, String> variables) {
    if (!props.filterPatterns.isEmpty()) {
      variables.put(Setting.FILTER_PATTERNS, props.filterPatterns.toString());
    }
    // A function has them in its code; the image has nothing of the stream's own.
    Optional.ofNullable(props.mapping).ifPresent(json -> variables.put(Setting.MAPPING, json));
    Optional.ofNullable(props.certificateAuthorities)
        .map(pem -> pem.substring(Math.max(0, pem.indexOf("-----BEGIN "))))
        .ifPresent(pem -> variables.put(Setting.SEARCH_CA, pem));
    variables.put(Setting.WORKER_LANES, Integer.toString(worker.lanes));
    variables.put(Setting.WORKER_BATCH_SIZE, Integer.toString(worker.batchSize));
    variables.put(Setting.WORKER_RETRIES, Integer.toString(props.maximumRetryAttempts));
    variables.put(
        Setting.WORKER_ATTEMPT_SECONDS, Long.toString(props.timeout.toSeconds().longValue()));
    Map<String, String> environment = new TreeMap<>();
    variables.forEach((setting, value) -> environment.put(setting.variable(), value));
    environment.put("AWS_REGION", Stack.of(this).getRegion());
    int bytes = environment.values().stream().mapToInt(value -> value.getBytes(UTF_8).length).sum();
    if (bytes > LARGEST_ENVIRONMENT_BYTES) {
      Annotations.of(this)
          .addError(
              "The variables of the worker have %d bytes, and a task definition has room for %d: shorten the mapping or the certificates."
                  .formatted(bytes, LARGEST_ENVIRONMENT_BYTES));
    }
    return environment;
  }

  private FargateService service(FargateTaskDefinition task) {
    FargateService.Builder builder =
        worker
            .cluster
            .service(this, "Service")
            .taskDefinition(task)
            // The new workers share the shards with the old ones until these give theirs back.
            .minHealthyPercent(100)
            .maxHealthyPercent(200)
            .circuitBreaker(DeploymentCircuitBreaker.builder().enable(true).rollback(true).build())
            .propagateTags(PropagatedTagSource.SERVICE);
    if (!props.enabled) {
      builder.desiredCount(0);
    } else if (worker.maximum == worker.minimum) {
      builder.desiredCount(worker.minimum);
    }
    return builder.build();
  }
}
