package dev.utsushi.infra.stack;

import dev.utsushi.construct.AcceptedFindings;
import dev.utsushi.construct.IndexAccess;
import dev.utsushi.construct.SearchTarget;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.infra.settings.StackSettings.NewDomain;
import dev.utsushi.infra.settings.StreamSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.EbsDeviceVolumeType;
import software.amazon.awscdk.services.iam.ArnPrincipal;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.ResourcePolicy;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.opensearchservice.AdvancedSecurityOptions;
import software.amazon.awscdk.services.opensearchservice.CapacityConfig;
import software.amazon.awscdk.services.opensearchservice.CfnDomain;
import software.amazon.awscdk.services.opensearchservice.Domain;
import software.amazon.awscdk.services.opensearchservice.EbsOptions;
import software.amazon.awscdk.services.opensearchservice.EncryptionAtRestOptions;
import software.amazon.awscdk.services.opensearchservice.EngineVersion;
import software.amazon.awscdk.services.opensearchservice.LoggingOptions;
import software.amazon.awscdk.services.opensearchservice.TLSSecurityPolicy;
import software.amazon.awscdk.services.opensearchservice.ZoneAwarenessConfig;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/** A new domain: encrypted at rest and in transit, open to the functions' roles by IAM. */
final class SearchDomain extends Construct implements SearchTarget {
  private static final String MASTER_INSTANCE_TYPE = "m7g.medium.search";
  private static final int MASTERS = 3;

  private final Domain domain;
  private final String name;
  private final NewDomain settings;
  private final PolicyDocument accessPolicy = PolicyDocument.Builder.create().build();

  SearchDomain(
      Construct scope,
      NewDomain settings,
      String stack,
      Optional<Network> network,
      Optional<IKey> key) {
    super(scope, "Search");
    this.settings = settings;
    name = settings.nameIn(stack);
    domain = domain(network, key);
    // The construct sets a policy through a Lambda function that calls AWS once the domain exists;
    // with a name of our own the policy can be a property like any other.
    CfnDomain resource =
        (CfnDomain) Objects.requireNonNull(domain.getNode().getDefaultChild(), "domain");
    resource.setAccessPolicies(accessPolicy);
    AcceptedFindings.accept(
        resource, "AwsSolutions-OS3", "The access policy names roles, and requests are signed.");
    if (network.isEmpty()) {
      AcceptedFindings.accept(
          resource,
          "AwsSolutions-OS1",
          "The settings name no VPC; every request is signed and uses TLS.");
    }
    AcceptedFindings.accept(
        resource,
        "AwsSolutions-OS9",
        "Slow logs stay empty until each index has thresholds, and they quote documents.");
    acceptSize(resource, settings);
    Optional.ofNullable(settings.masterUserRoleArn()).ifPresent(this::admitMasterUser);
    Outputs.add(this, "SearchEndpoint", endpoint());
  }

  private String endpoint() {
    return "https://" + domain.getDomainEndpoint();
  }

  @Override
  public Map<Setting, String> variables() {
    return new SearchTarget.SignedDomain(arn(), endpoint()).variables();
  }

  /** Creates the domain's alarms. */
  void watch(Optional<ITopic> topic) {
    new DomainAlarms(this, domain, settings, topic);
  }

  /** Names the role in the domain's own policy. */
  @Override
  public void admit(IRole role, IndexAccess access) {
    for (PolicyStatement statement : access.statements(arn())) {
      statement.addPrincipals(new ArnPrincipal(role.getRoleArn()));
      accessPolicy.addStatements(statement);
    }
  }

  /** Lets the stream's readers search its index. */
  void admitReaders(StreamSettings stream, List<String> indexes) {
    if (stream.readers().isEmpty()) {
      return;
    }
    for (String index : indexes) {
      for (PolicyStatement statement : IndexAccess.toSearch(index, arn())) {
        stream.readers().forEach(role -> statement.addPrincipals(new ArnPrincipal(role)));
        accessPolicy.addStatements(statement);
      }
    }
  }

  /** Lets the master user map roles; the domain's policy comes before its own access control. */
  private void admitMasterUser(String role) {
    accessPolicy.addStatements(
        PolicyStatement.Builder.create()
            .principals(List.of(new ArnPrincipal(role)))
            .actions(List.of("es:ESHttpGet", "es:ESHttpPut"))
            .resources(List.of(arn() + "/_plugins/_security/api/*"))
            .build());
  }

  private String arn() {
    return Stack.of(this)
        .formatArn(
            ArnComponents.builder().service("es").resource("domain").resourceName(name).build());
  }

  private Domain domain(Optional<Network> network, Optional<IKey> key) {
    LogGroup logs = logs(key);
    IKey ownKey = UtsushiStack.key(this, "Key", settings.kmsKeyArn()).orElse(null);
    ResourcePolicy permission = permission(logs);
    Domain.Builder builder =
        Domain.Builder.create(this, "Domain")
            .domainName(name)
            .version(EngineVersion.openSearch(settings.engineVersion().replace("OpenSearch_", "")))
            .capacity(capacity(settings))
            .zoneAwareness(zones(settings.zones()))
            .ebs(
                EbsOptions.builder()
                    .volumeType(EbsDeviceVolumeType.GP3)
                    .volumeSize(settings.volumeGib())
                    .build())
            .encryptionAtRest(
                EncryptionAtRestOptions.builder().enabled(true).kmsKey(ownKey).build())
            .nodeToNodeEncryption(true)
            .enforceHttps(true)
            .tlsSecurityPolicy(TLSSecurityPolicy.TLS_1_2_PFS)
            .logging(logging(logs))
            .suppressLogsResourcePolicy(true)
            // Permissions are for paths: no request may name another index in its body.
            .advancedOptions(Map.of("rest.action.multi.allow_explicit_index", "false"))
            // Without it a new version replaces the domain, and its name is taken.
            .enableVersionUpgrade(true)
            // A first deployment that fails must not leave a domain whose name is taken.
            .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    Optional.ofNullable(settings.masterUserRoleArn())
        .map(arn -> AdvancedSecurityOptions.builder().masterUserArn(arn).build())
        .ifPresent(builder::fineGrainedAccessControl);
    network.ifPresent(
        it ->
            builder
                .vpc(it.vpc())
                .vpcSubnets(List.of(it.domainSubnets(settings.zones())))
                .securityGroups(List.of(it.domainGroup(this))));
    Domain created = builder.build();
    created.getNode().addDependency(permission);
    return created;
  }

  private static CapacityConfig capacity(NewDomain settings) {
    CapacityConfig.Builder capacity =
        CapacityConfig.builder()
            .dataNodes(settings.dataNodes())
            .dataNodeInstanceType(settings.instanceType())
            // It takes three zones, three masters and a second copy of everything.
            .multiAzWithStandbyEnabled(false);
    if (settings.hasDedicatedMasters()) {
      capacity.masterNodes(MASTERS).masterNodeInstanceType(MASTER_INSTANCE_TYPE);
    }
    return capacity.build();
  }

  private static ZoneAwarenessConfig zones(int zones) {
    var awareness = ZoneAwarenessConfig.builder().enabled(zones > 1);
    return (zones > 1 ? awareness.availabilityZoneCount(zones) : awareness).build();
  }

  /** The index is a copy: a smaller domain risks delay, not data. */
  private static void acceptSize(CfnDomain resource, NewDomain settings) {
    if (!settings.hasDedicatedMasters()) {
      AcceptedFindings.accept(
          resource,
          "AwsSolutions-OS4",
          "The settings ask for no dedicated masters: a small cluster.");
    }
    if (settings.zones() == 1) {
      AcceptedFindings.accept(
          resource, "AwsSolutions-OS7", "The settings ask for one zone; the table holds the data.");
    }
  }

  private LogGroup logs(Optional<IKey> key) {
    return LogGroup.Builder.create(this, "Logs")
        .encryptionKey(key.orElse(null))
        .retention(RetentionDays.ONE_MONTH)
        .removalPolicy(RemovalPolicy.DESTROY)
        .build();
  }

  /** The domain checks the permission to write its logs while it is created. */
  private ResourcePolicy permission(LogGroup logs) {
    return ResourcePolicy.Builder.create(this, "LogsPolicy")
        .resourcePolicyName(name + "-opensearch-logs")
        .policyStatements(
            List.of(
                PolicyStatement.Builder.create()
                    .principals(List.of(new ServicePrincipal("es.amazonaws.com")))
                    .actions(List.of("logs:CreateLogStream", "logs:PutLogEvents"))
                    .resources(List.of(logs.getLogGroupArn()))
                    .conditions(
                        new TreeMap<>(
                            Map.of(
                                "StringEquals",
                                Map.of("aws:SourceAccount", Stack.of(this).getAccount()),
                                "ArnLike",
                                Map.of("aws:SourceArn", arn()))))
                    .build()))
        .build();
  }

  private static LoggingOptions logging(LogGroup logs) {
    return LoggingOptions.builder().appLogEnabled(true).appLogGroup(logs).build();
  }
}
