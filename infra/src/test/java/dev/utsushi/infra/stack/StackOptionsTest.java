package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.KEY;
import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static dev.utsushi.infra.stack.Stacks.VPC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

/** What the keys of the whole stack change in the template, or in how it is deployed. */
class StackOptionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theStackHasItsAccountAndRegion() {
    UtsushiStack stack =
        Stacks.stack("account: '123456789012'\nregion: eu-central-1\n" + SECRET + STREAMS);
    assertThat(stack.getAccount()).isEqualTo("123456789012");
    assertThat(stack.getRegion()).isEqualTo("eu-central-1");
    assertThat(Stacks.stack(SECRET + STREAMS).getRegion()).startsWith("${Token[");
  }

  @Test
  void theDashboardLinksToTheConsoleOfAKnownRegion() {
    String with = dashboard("region: eu-central-1\n" + SECRET + STREAMS);
    assertThat(with).contains("(https://").contains("eu-central-1");
    assertThat(dashboard(SECRET + STREAMS)).doesNotContain("(https://");
  }

  private static String dashboard(String yaml) {
    return Stacks.template(yaml).findResources("AWS::CloudWatch::Dashboard").toString();
  }

  @Test
  void tagsAreOfTheStackAndOfWhatItCreates() {
    UtsushiStack stack = Stacks.stack("tags: { team: sales, stage: prod }\n" + SECRET + STREAMS);
    assertThat(stack.getTags().tagValues()).isEqualTo(Map.of("team", "sales", "stage", "prod"));
  }

  @Test
  void everyRoleHasTheBoundary() {
    String boundary = "arn:aws:iam::123456789012:policy/boundary";
    Template template =
        Stacks.template("permissionsBoundaryArn: " + boundary + '\n' + SEARCH + STREAMS);
    template.resourcePropertiesCountIs(
        "AWS::IAM::Role", Map.of("PermissionsBoundary", boundary), 8);
    template.resourceCountIs("AWS::IAM::Role", 8);
    Stacks.template(SEARCH + STREAMS)
        .allResourcesProperties("AWS::IAM::Role", Map.of("PermissionsBoundary", Match.absent()));
  }

  @Test
  void whoDeploysIsARoleOfTheBootstrapStackOrTheCli() throws IOException {
    assertThat(manifest(SECRET + STREAMS)).contains("cdk-hnb659fds-deploy-role");
    assertThat(manifest("deployCredentials: cli\n" + SECRET + STREAMS))
        .contains("cdk-hnb659fds-assets")
        .doesNotContain("-role-");
    String qualifier = "bootstrapQualifier: team1\n" + SECRET + STREAMS;
    assertThat(manifest(qualifier)).contains("cdk-team1-deploy-role").doesNotContain("hnb659fds");
    assertThat(manifest("deployCredentials: cli\n" + qualifier))
        .contains("cdk-team1-assets")
        .doesNotContain("hnb659fds");
  }

  /** Returns the properties of the stack and of its assets, as the CLI reads them. */
  private static String manifest(String yaml) throws IOException {
    App app = (App) Stacks.stack(yaml).getNode().getRoot();
    Path directory = Path.of(app.synth().getDirectory());
    return Files.readString(directory.resolve("manifest.json"))
        + Files.readString(directory.resolve("utsushi.assets.json"));
  }

  @Test
  void queuesLogsRunsAndDomainHaveTheirKeys() {
    Template template =
        Stacks.template(
            "kmsKeyArn: "
                + KEY
                + "\nsearch: { newDomain: { kmsKeyArn: "
                + KEY
                + " } }\n"
                + STREAMS);
    template.allResourcesProperties(
        "AWS::SQS::Queue", Map.of("KmsMasterKeyId", KEY, "SqsManagedSseEnabled", Match.absent()));
    template.allResourcesProperties("AWS::Logs::LogGroup", Map.of("KmsKeyId", KEY));
    template.allResourcesProperties(
        "AWS::DynamoDB::Table",
        Map.of("SSESpecification", Map.of("KMSMasterKeyId", KEY, "SSEEnabled", true)));
    template.hasResourceProperties(
        "AWS::OpenSearchService::Domain",
        Map.of("EncryptionAtRestOptions", Map.of("Enabled", true, "KmsKeyId", "0a1b-2c3d")));
    template.resourceCountIs("AWS::KMS::Key", 0);
  }

  @Test
  void withGroupsOfTheirOwnTheFunctionsGetNone() {
    String groups = "  securityGroupIds: [sg-0123456789abcdef0, sg-0123456789abcdef1]\n";
    Template template = Stacks.template(SEARCH + VPC + groups + STREAMS);
    template.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        Map.of(
            "VpcConfig",
            Map.of("SecurityGroupIds", List.of("sg-0123456789abcdef0", "sg-0123456789abcdef1"))),
        6);
    template.resourceCountIs("AWS::EC2::SecurityGroup", 1);
    for (String group : List.of("sg-0123456789abcdef0", "sg-0123456789abcdef1")) {
      template.hasResourceProperties(
          "AWS::EC2::SecurityGroupIngress",
          Map.of("SourceSecurityGroupId", group, "FromPort", 443, "ToPort", 443));
    }
    assertThat(outputs(template)).doesNotContain("FunctionSecurityGroupId");
  }

  @Test
  void theGroupsOfTheStackAreOutputs() {
    assertThat(outputs(Stacks.template(SEARCH + VPC + STREAMS)))
        .contains("FunctionSecurityGroupId", "DomainSecurityGroupId", "SearchEndpoint");
  }

  @Test
  void eachStreamHasItsOutputsUnderItsName() {
    assertThat(outputs(Stacks.template(SECRET + STREAMS)))
        .containsExactlyInAnyOrder(
            "ActivityLogsTableName",
            "ActivityLogsDeadLetterQueueUrl",
            "ActivityLogsFailureQueueUrl",
            "ActivityLogsReplayFunctionName",
            "ActivityLogsFunctionRoleArn",
            "ActivityLogsCaptureRoleArn",
            "ActivityLogsReplayRoleArn",
            "ActivityLogsRunRoleArn",
            "DealsDeadLetterQueueUrl",
            "DealsFailureQueueUrl",
            "DealsReplayFunctionName",
            "DealsFunctionRoleArn",
            "DealsCaptureRoleArn",
            "DealsReplayRoleArn",
            "DealsRunRoleArn");
  }

  @Test
  void indexesThatDifferOnlyInTheirHyphensHaveOutputsOfTheirOwn() {
    String stream = "  - { index: %s, table: { create: { partitionKey: id } } }\n";
    StringBuilder streams = new StringBuilder("streams:\n");
    List<String> indexes = List.of("deals2", "deals-2", "deals--2", "deals_2", "d-eals2");
    indexes.forEach(index -> streams.append(stream.formatted(index)));
    assertThat(outputs(Stacks.template(SECRET + streams)))
        .hasSize(8 * indexes.size())
        .allSatisfy(name -> assertThat(name).matches("[A-Za-z0-9]{1,255}"))
        .contains("Deals2ReplayRoleArn");
  }

  @Test
  void aRegionThatTheCdkDoesNotKnowIsAWarning() {
    String streams = "streams: [{ index: deals, table: { create: { partitionKey: id } } }]\n";
    Annotations known =
        Annotations.fromStack(Stacks.lenientStack("region: eu-central-1\n" + SEARCH + streams));
    known.hasNoWarning("*", Match.anyValue());
    Annotations unknown =
        Annotations.fromStack(Stacks.lenientStack("region: eu-centrl-1\n" + SEARCH + streams));
    String warning = "The CDK knows no region eu-centrl-1; did you mean eu-central-1?";
    unknown.hasWarning("*", Match.stringLikeRegexp(warning.replace("?", "\\?")));
  }

  private static List<String> outputs(Template template) {
    JsonNode outputs = JSON.valueToTree(template.findOutputs("*"));
    return outputs.propertyStream().map(Map.Entry::getKey).toList();
  }
}
