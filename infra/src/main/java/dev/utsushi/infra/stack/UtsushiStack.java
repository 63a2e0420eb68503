package dev.utsushi.infra.stack;

import static java.util.Objects.requireNonNull;

import dev.utsushi.construct.FunctionConsumer;
import dev.utsushi.construct.Replication;
import dev.utsushi.construct.ReplicationDashboard;
import dev.utsushi.construct.ReplicationProps;
import dev.utsushi.construct.SearchTarget;
import dev.utsushi.construct.WorkerCluster;
import dev.utsushi.core.settings.Suggestion;
import dev.utsushi.infra.settings.StackSettings;
import dev.utsushi.infra.settings.StackSettings.Endpoint;
import dev.utsushi.infra.settings.StackSettings.ExistingDomain;
import dev.utsushi.infra.settings.StackSettings.NewDomain;
import dev.utsushi.infra.settings.StreamSettings;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.CliCredentialsStackSynthesizer;
import software.amazon.awscdk.DefaultStackSynthesizer;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.IStackSynthesizer;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.regioninfo.RegionInfo;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PermissionsBoundary;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kinesis.IStream;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.FunctionAttributes;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretAttributes;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/** All streams, the cluster that they share, and one dashboard. */
public final class UtsushiStack extends Stack {
  private static final int HTTPS = 443;

  private final StackSettings settings;
  private final Path functionJar;
  private final Optional<Network> network;
  private final Optional<IKey> key;
  private final Optional<ITopic> alarmTopic;
  private final SearchTarget search;
  private final Optional<WorkerCluster> workers;

  /**
   * Creates the stack that the settings describe.
   *
   * @param functionJar the function's code
   */
  public UtsushiStack(Construct scope, StackSettings settings, Path functionJar) {
    super(scope, settings.stack(), properties(settings));
    this.settings = settings;
    this.functionJar = functionJar;
    network =
        Optional.ofNullable(settings.vpc()).map(vpc -> Network.of(this, vpc, enginePort(settings)));
    key = key(this, "Key", settings.kmsKeyArn());
    alarmTopic =
        Optional.ofNullable(settings.alarmTopicArn())
            .map(arn -> Topic.fromTopicArn(this, "AlarmTopic", arn));
    search = search();
    workers =
        settings.streams().stream().anyMatch(stream -> stream.worker() != null)
            ? Optional.of(workers())
            : Optional.empty();
    List<Replication> replications = settings.streams().stream().flatMap(this::replicate).toList();
    new ReplicationDashboard(this, "Dashboard", settings.stack(), replications);
    Optional.ofNullable(settings.permissionsBoundaryArn())
        .map(arn -> ManagedPolicy.fromManagedPolicyArn(this, "PermissionsBoundary", arn))
        .ifPresent(PermissionsBoundary.of(this)::apply);
    Aspects.of(this).add(new AwsSolutionsChecks());
    Optional.ofNullable(settings.region()).ifPresent(this::warnOfUnknown);
  }

  /** It may be a new region, so that this is no mistake for certain. */
  private void warnOfUnknown(String region) {
    List<String> known = RegionInfo.getRegions().stream().map(RegionInfo::getName).toList();
    if (!known.contains(region)) {
      String nearest =
          Suggestion.nearest(region, known).map(it -> "; did you mean " + it + "?").orElse("");
      String text = "The CDK knows no region %s%s".formatted(region, nearest);
      Annotations.of(this).addWarningV2("utsushi:region", text);
    }
  }

  private static StackProps properties(StackSettings settings) {
    return StackProps.builder()
        .stackName(settings.stack())
        .description("Utsushi: copies DynamoDB tables to search indexes.")
        .env(Environment.builder().account(settings.account()).region(settings.region()).build())
        .tags(settings.tags())
        .synthesizer(synthesizer(settings))
        .build();
  }

  private static IStackSynthesizer synthesizer(StackSettings settings) {
    if (settings.deployCredentials().equals("cli")) {
      return CliCredentialsStackSynthesizer.Builder.create()
          .qualifier(settings.bootstrapQualifier())
          .build();
    }
    return DefaultStackSynthesizer.Builder.create()
        .qualifier(settings.bootstrapQualifier())
        // The CLI checks the bootstrap version itself, before it deploys.
        .generateBootstrapVersionRule(false)
        .build();
  }

  private static int enginePort(StackSettings settings) {
    int port = settings.search() instanceof Endpoint it ? URI.create(it.url()).getPort() : HTTPS;
    return port < 0 ? HTTPS : port;
  }

  static Optional<IKey> key(Construct scope, String id, @Nullable String arn) {
    return Optional.ofNullable(arn).map(it -> Key.fromKeyArn(scope, id, it));
  }

  private SearchTarget search() {
    return switch (settings.search()) {
      case NewDomain domain -> {
        SearchDomain created = new SearchDomain(this, domain, settings.stack(), network, key);
        created.watch(alarmTopic);
        yield created;
      }
      case ExistingDomain(String arn, String endpoint) ->
          new SearchTarget.SignedDomain(arn, endpoint);
      case Endpoint endpoint ->
          SearchTarget.cluster(endpoint.url(), endpoint.auth(), secret(endpoint));
    };
  }

  private WorkerCluster workers() {
    return network
        .map(it -> WorkerCluster.in(this, "Workers", it.functions()))
        .orElseGet(() -> WorkerCluster.inOwnVpc(this, "Workers", enginePort(settings)));
  }

  /** The names of zones would be looked up in the account, and a synthesis needs none. */
  @Override
  public List<String> getAvailabilityZones() {
    return List.of(Fn.select(0, Fn.getAzs()), Fn.select(1, Fn.getAzs()));
  }

  private ISecret secret(Endpoint endpoint) {
    return Secret.fromSecretAttributes(
        this,
        "SearchSecret",
        SecretAttributes.builder()
            .secretCompleteArn(endpoint.secretArn())
            .encryptionKey(key(this, "SearchSecretKey", endpoint.kmsKeyArn()).orElse(null))
            .build());
  }

  private Stream<Replication> replicate(StreamSettings stream) {
    String index = stream.index();
    // The replication is this construct's default, so that it adds nothing to logical IDs.
    Construct scope = new Construct(this, index);
    Optional<IStream> changes =
        Optional.ofNullable(stream.kinesis())
            .filter(_ -> stream.readsKinesis())
            .map(it -> ChangeStream.of(scope, index, it));
    ITable table = SourceTable.of(scope, index, stream.table(), changes);
    List<Replication> replications = new ArrayList<>();
    replications.add(replicate(scope, stream, table, changes));
    for (StreamSettings consumer : stream.consumers()) {
      if (consumer.functionArn() == null) {
        Construct own = new Construct(this, consumer.index());
        replications.add(replicate(own, consumer, table, changes));
      } else {
        Construct own = new Construct(scope, "Consumer-" + consumer.index());
        invoke(own, consumer, props(consumer, table, changes));
      }
    }
    return replications.stream();
  }

  private ReplicationProps props(StreamSettings stream, ITable table, Optional<IStream> changes) {
    ReplicationProps props =
        stream.options(
            ReplicationProps.of(stream.index(), table, stream.table().partitionKey(), search));
    props.logRetentionDays(settings.logRetentionDays()).functionJar(functionJar);
    if (settings.search() instanceof Endpoint endpoint
        && endpoint.certificateAuthorities() != null) {
      props.certificateAuthorities(endpoint.certificateAuthorities());
    }
    if (changes.isPresent() && stream.kinesis() != null) {
      props
          .kinesis(changes.get(), stream.kinesis().since())
          .enhancedFanOut(stream.kinesis().enhancedFanOut())
          .alsoDynamoDbStream(stream.source().equals("both"));
    }
    if (stream.worker() != null) {
      props.worker(stream.worker().options(workers.orElseThrow()));
    }
    network.map(Network::functions).ifPresent(props::network);
    key.ifPresent(props::encryptionKey);
    alarmTopic.ifPresent(props::alarmTopic);
    return props;
  }

  private Replication replicate(
      Construct scope, StreamSettings stream, ITable table, Optional<IStream> changes) {
    Replication replication = new Replication(scope, "Default", props(stream, table, changes));
    if (search instanceof SearchDomain domain) {
      domain.admitReaders(stream, replication.getIndexes());
    }
    stream
        .filterWarnings()
        .forEach(text -> Annotations.of(scope).addWarningV2("utsushi:filterPatterns", text));
    Outputs.add(scope, stream.index(), replication);
    return replication;
  }

  private static void invoke(Construct scope, StreamSettings consumer, ReplicationProps props) {
    IFunction function =
        Function.fromFunctionAttributes(
            scope,
            "Function",
            FunctionAttributes.builder()
                .functionArn(requireNonNull(consumer.functionArn()))
                .role(Role.fromRoleArn(scope, "Role", requireNonNull(consumer.roleArn())))
                .build());
    var created = new FunctionConsumer(scope, "Default", props, function);
    String queue = created.getDeadLetterQueue().getQueueUrl();
    Outputs.add(scope, consumer.index(), "ConsumerDeadLetterQueueUrl", queue);
  }
}
