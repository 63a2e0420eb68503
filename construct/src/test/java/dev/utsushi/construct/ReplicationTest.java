package dev.utsushi.construct;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.index.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.opensearchservice.Domain;
import software.amazon.awscdk.services.opensearchservice.EngineVersion;

/** The construct in apps of other people. */
class ReplicationTest {
  /** Far beyond what a function's variables hold. */
  private static final String MAPPING =
      "{\"properties\":{\"memo\":{\"type\":\"text\",\"meta\":{\"note\":\"%s\"}}}}"
          .formatted("x".repeat(50_000));

  @TempDir Path directory;

  @Test
  void aMappingOfAnySizeTravelsWithTheCode() throws IOException {
    App app = app("large");
    replicate(new Stack(app, "sales"), MAPPING);
    app.synth();

    Path jar = functionAsset("large");
    try (ZipFile code = new ZipFile(jar.toFile())) {
      String travelled =
          new String(
              code.getInputStream(code.getEntry("stream-mapping.json")).readAllBytes(), UTF_8);
      assertThat(Mapping.read(travelled)).isEqualTo(Mapping.read(MAPPING));
      assertThat(code.getEntry("search-ca.pem")).isNotNull();
      assertThat(code.getEntry("the.class")).isNotNull();
    }
    assertThat(Files.readString(directory.resolve("large/sales.template.json")))
        .contains("\"UTSUSHI_MAPPING\": \"stream-mapping.json\"")
        .contains("\"UTSUSHI_SEARCH_CA\": \"search-ca.pem\"")
        .doesNotContain("xxx");
  }

  /** Otherwise each deployment would replace the functions' versions. */
  @Test
  void anEqualMappingIsEqualCodeAndAnotherOneIsNot() throws Exception {
    String digest = digest("first", MAPPING);
    // A jar has times of two seconds.
    Thread.sleep(2_100);

    assertThat(digest("second", MAPPING)).isEqualTo(digest);
    assertThat(digest("third", MAPPING.replace("memo", "note"))).isNotEqualTo(digest);
  }

  @Test
  void tableDomainAndKeyMayBeOfOtherStacks() {
    App app = app("cross");
    Stack data = new Stack(app, "data");
    Stack copy = new Stack(app, "copy");
    Domain domain =
        Domain.Builder.create(data, "Domain").version(EngineVersion.OPENSEARCH_2_19).build();
    ITable table =
        TableV2.Builder.create(data, "Table")
            .partitionKey(Attribute.builder().name("id").type(AttributeType.STRING).build())
            .dynamoStream(StreamViewType.NEW_IMAGE)
            .build();
    Key key = new Key(copy, "Key");

    Replication replication =
        new Replication(
            copy,
            "Deals",
            ReplicationProps.of("deals", table, "id", SearchTarget.domain(domain))
                .functionJar(jar())
                .verifySchedule("rate(1 day)")
                .encryptionKey(key));

    Template template = Template.fromStack(copy);
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of(
            "EventSourceArn",
            Map.of("Fn::ImportValue", Match.stringLikeRegexp("^data:.*StreamArn.*"))));
    template.allResourcesProperties("AWS::SQS::Queue", Map.of("KmsMasterKeyId", Match.anyValue()));
    template.allResourcesProperties("AWS::Logs::LogGroup", Map.of("KmsKeyId", Match.anyValue()));
    template.hasResourceProperties(
        "AWS::KMS::Key",
        Map.of(
            "KeyPolicy",
            Match.objectLike(
                Map.of(
                    "Statement",
                    Match.arrayWith(
                        List.of(
                            Match.objectLike(
                                Map.of("Condition", Map.of("ArnLike", Match.anyValue())))))))));
    assertThat(replication.getAlarms().keySet())
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(
                EnumSet.of(
                    ReplicationAlarm.UNREPLICATED_AGE,
                    ReplicationAlarm.NOT_REPLICATED,
                    ReplicationAlarm.WORKERS)));
    assertThat(replication.getMetrics().index()).isEqualTo("deals");
  }

  @Test
  void eachFunctionHasTheLayersOfTheTargetsClasses() {
    Stack stack = new Stack(app("layers"), "sales");
    String layer = "arn:aws:lambda:eu-central-1:123456789012:layer:contacts:3";
    String targets =
        """
        [{"index":"deals","class":"com.example.Deals","layer":"%1$s"},
         {"index":"contacts","class":"com.example.Contacts","layer":"%1$s"}]
        """;
    Replication replication =
        new Replication(
            stack,
            "Deals",
            ReplicationProps.of("deals", table(stack), "id", search(stack))
                .functionJar(jar())
                .targets(targets.formatted(layer)));
    new ReplicationDashboard(stack, "Dashboard", "sales", List.of(replication));
    Template template = Template.fromStack(stack);
    assertThat(template.findResources("AWS::CloudWatch::Dashboard").toString())
        .contains("Tombstones written, by index", "FailedWrites", "\"Index\",\"contacts\"");
    template.allResourcesProperties("AWS::Lambda::Function", Map.of("Layers", List.of(layer)));
    template.resourceCountIs("AWS::Lambda::Function", 4);
  }

  @Test
  void whatCannotWorkIsToldInOneLine() {
    Stack stack = new Stack(app("wrong"), "sales");
    ITable table = TableV2.fromTableName(stack, "Table", "deals");
    ReplicationProps props = ReplicationProps.of("deals", table, "id", search(stack));

    assertThatThrownBy(() -> new Replication(stack, "Deals", props))
        .hasMessage(
            "the table of deals has no stream: enable it, or import the table with tableStreamArn");
    assertThatThrownBy(() -> props.parallelizationFactor(11))
        .hasMessage("parallelizationFactor must be from 1 to 10, not 11");
    assertThatThrownBy(() -> props.verifySchedule("rate(1 days)"))
        .hasMessage(
            "verifySchedule must be a rate or a cron expression, like rate(1 day) or"
                + " cron(0 3 * * ? *), not 'rate(1 days)'; did you mean rate(1 day)?");
    assertThatThrownBy(() -> props.purgeSchedule("daily")).hasMessageContaining("purgeSchedule");
    assertThatThrownBy(() -> props.verifySample(0))
        .hasMessage("verifySample must be above 0 and up to 1, not 0.0");
    assertThatThrownBy(() -> props.verifySample(1.01)).hasMessageContaining("1.01");
  }

  @Test
  void variablesThatLambdaRefusesAreAnError() {
    Stack stack = new Stack(app("patterns"), "sales");
    new Replication(
        stack,
        "Deals",
        ReplicationProps.of("deals", table(stack), "id", search(stack))
            .functionJar(jar())
            .secondChance(Duration.seconds(60))
            .filterPatterns(List.of("{\"eventName\":[\"%s\"]}".formatted("\"".repeat(2_000)))));

    Annotations.fromStack(stack)
        .hasError(
            "/sales/Deals/Capture",
            Match.stringLikeRegexp("The variables have .* bytes, and Lambda takes 4096.*"));
  }

  private String digest(String name, String mapping) throws IOException {
    App app = app(name);
    replicate(new Stack(app, "sales"), mapping);
    app.synth();
    return functionAsset(name).getFileName().toString();
  }

  private void replicate(Stack stack, String mapping) {
    new Replication(
        stack,
        "Deals",
        ReplicationProps.of("deals", table(stack), "id", search(stack))
            .functionJar(jar())
            .certificateAuthorities("-----BEGIN CERTIFICATE-----")
            .mapping(mapping));
  }

  private Path functionAsset(String name) throws IOException {
    try (var files = Files.list(directory.resolve(name))) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .reduce(
              (one, other) -> {
                throw new AssertionError("two jars: " + one + ", " + other);
              })
          .orElseThrow();
    }
  }

  private App app(String name) {
    return new App(AppProps.builder().outdir(directory.resolve(name).toString()).build());
  }

  private static ITable table(Stack stack) {
    return TableV2.Builder.create(stack, "Table")
        .partitionKey(Attribute.builder().name("id").type(AttributeType.STRING).build())
        .dynamoStream(StreamViewType.NEW_IMAGE)
        .build();
  }

  private static SearchTarget search(Stack stack) {
    return SearchTarget.domain(
        Domain.fromDomainEndpoint(
            stack, "Search", "https://search-abc.eu-central-1.es.amazonaws.com"));
  }

  /** Any jar will do. */
  private Path jar() {
    Path jar = directory.resolve("function.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      ZipEntry entry = new ZipEntry("the.class");
      entry.setTime(0);
      zip.putNextEntry(entry);
      zip.write(1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return jar;
  }
}
