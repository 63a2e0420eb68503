package dev.utsushi.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.TestCode;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import dev.utsushi.local.mapping.FilterCriteria;
import dev.utsushi.local.queue.QueueMappingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

class StackPlanTest {
  private static final Bindings BINDINGS = Bindings.none().withParameter("Recording", "/tmp/r");

  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:";

  @TempDir private Path directory;

  @Test
  void readsTablesWithTheirKeysStreamsAndExpiry() throws IOException {
    StackPlan plan = StackPlan.read(Templates.file(directory, Templates.copied()), BINDINGS);

    List<Resource> tables = plan.tables().toList();
    assertThat(tables).extracting(Resource::name).containsExactly("orders", "Copied-Visits");
    assertThat(StackPlan.expiryAttribute(tables.getFirst())).contains("expires");
    assertThat(StackPlan.expiryAttribute(tables.getLast())).isEmpty();
    assertThat(StackPlan.tableRequest(tables.getLast()))
        .isEqualTo(
            CreateTableRequest.builder()
                .tableName("Copied-Visits")
                .attributeDefinitions(
                    attribute("id", ScalarAttributeType.S), attribute("at", ScalarAttributeType.N))
                .keySchema(key("id", KeyType.HASH), key("at", KeyType.RANGE))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .streamSpecification(
                    stream ->
                        stream
                            .streamEnabled(true)
                            .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))
                .build());
  }

  @Test
  void readsMappingsWithAllTheirSettings() throws IOException {
    StackPlan plan = StackPlan.read(Templates.file(directory, Templates.copied()), BINDINGS);

    List<Resource> mappings = plan.of(Resource.MAPPING).toList();
    assertThat(mappings.getFirst().text("FunctionName")).isEqualTo("Copied-orders:live");
    assertThat(StackPlan.streamSettings(mappings.getFirst()))
        .isEqualTo(
            EventSourceMappingSettings.defaults()
                .withBatchSize(1)
                .withParallelizationFactor(3)
                .withMaximumRetryAttempts(3)
                .withReportBatchItemFailures(true));
    assertThat(mappings.getFirst().text("DestinationConfig.OnFailure.Destination"))
        .isEqualTo("arn:aws:sqs:us-east-1:000000000000:orders-dead-letters");
    assertThat(StackPlan.streamSettings(mappings.getLast()))
        .isEqualTo(
            EventSourceMappingSettings.defaults()
                .withBatchSize(10)
                .withBatchingWindow(Duration.ofSeconds(1))
                .withStartingPosition(StartingPosition.LATEST));
  }

  @Test
  void readsFiltersAndAcceptsATumblingWindowOfZero() throws IOException {
    String pattern = "{\"eventName\":[\"INSERT\"]}";
    Template template =
        Templates.changed(
            directory,
            changed -> {
              var mapping = Templates.properties(changed, "OrdersMapping");
              mapping.put("TumblingWindowInSeconds", 0);
              mapping
                  .putObject("FilterCriteria")
                  .putArray("Filters")
                  .addObject()
                  .put("Pattern", pattern);
            });
    StackPlan plan = StackPlan.read(template, BINDINGS);

    Resource mapping = plan.of(Resource.MAPPING).findFirst().orElseThrow();
    assertThat(StackPlan.streamSettings(mapping).filters()).isEqualTo(FilterCriteria.of(pattern));
  }

  @Test
  void readsTheStartingTimeOfAKinesisStreamsMapping() throws IOException {
    Template template =
        Templates.changed(
            directory,
            changed -> {
              ((ObjectNode) changed.path("Resources"))
                  .putObject("Changes")
                  .put("Type", "AWS::Kinesis::Stream")
                  .putObject("Properties")
                  .put("Name", "changes")
                  .put("ShardCount", 3);
              Templates.properties(changed, "OrdersMapping")
                  .put("EventSourceArn", "arn:aws:kinesis:us-east-1:000000000000:stream/changes")
                  .put("StartingPosition", "AT_TIMESTAMP")
                  .put("StartingPositionTimestamp", 1795816800.5);
            });
    StackPlan plan = StackPlan.read(template, BINDINGS);

    Resource mapping = plan.of(Resource.MAPPING).findFirst().orElseThrow();
    assertThat(StackPlan.streamSettings(mapping).startingPositionTimestamp())
        .contains(Instant.ofEpochMilli(1795816800500L));
    assertThat(plan.of(Resource.STREAM).map(StackPlan::shards)).containsExactly(3);
  }

  @Test
  void anAliasIsTheVersionThatItNames() throws IOException {
    StackPlan plan = StackPlan.read(Templates.file(directory, Templates.copied()), BINDINGS);

    assertThat(plan.executedVersion(ARN + "Copied-orders:live")).isEqualTo("1");
    assertThat(plan.executedVersion(ARN + "Copied-orders:1")).isEqualTo("1");
    assertThat(plan.executedVersion(ARN + "Copied-orders")).isEqualTo("$LATEST");
    assertThat(plan.executedVersion(ARN + "Copied-orders:$LATEST")).isEqualTo("$LATEST");
    assertThat(plan.function("Copied-orders:live").map(Resource::logicalId))
        .contains("OrdersFunction");
  }

  @Test
  void readsFunctionsWithTheirAssets() throws IOException {
    StackPlan plan = StackPlan.read(Templates.file(directory, Templates.copied()), BINDINGS);

    List<Resource> functions = plan.of(Resource.FUNCTION).toList();
    assertThat(functions).filteredOn(plan::initializes).containsExactly(functions.getFirst());
    var orders = plan.configuration(functions.getFirst());
    assertThat(orders.code()).containsExactly(directory.toAbsolutePath().resolve("asset.jar"));
    assertThat(orders.memoryMegabytes()).isEqualTo(256);
    assertThat(orders.environment()).containsEntry("RECORDING", "/tmp/r/orders");
    var visits = plan.configuration(functions.getLast());
    assertThat(visits.functionName()).isEqualTo("Copied-VisitsFunction");
    assertThat(visits.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(visits.reservedConcurrency()).isEqualTo(1);
  }

  @Test
  void readsQueuesWithTheirAttributes() throws IOException {
    String deadMessages = "arn:aws:sqs:us-east-1:000000000000:Copied-DeadMessages";
    StackPlan plan = StackPlan.read(Templates.file(directory, Templates.copied()), BINDINGS);

    assertThat(plan.of(Resource.QUEUE))
        .extracting(StackPlan::queueAttributes)
        .containsExactly(
            Map.of("MessageRetentionPeriod", "1209600"),
            Map.of("VisibilityTimeout", "30"),
            Map.of(
                "VisibilityTimeout",
                "10",
                "DelaySeconds",
                "1",
                "MaximumMessageSize",
                "1048576",
                "RedrivePolicy",
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":2}".formatted(deadMessages)),
            Map.of());
  }

  @Test
  void readsMappingsOfQueues() throws IOException {
    StackPlan plan = StackPlan.read(Templates.file(directory, Templates.copied()), BINDINGS);

    Resource mapping = plan.of(Resource.MAPPING).filter(Resource::isQueueMapping).findFirst().get();
    assertThat(mapping.text("EventSourceArn"))
        .isEqualTo("arn:aws:sqs:us-east-1:000000000000:Copied-Messages");
    assertThat(mapping.text("FunctionName")).isEqualTo("Copied-MessagesFunction");
    assertThat(mapping.at("Enabled").asBoolean()).isTrue();
    assertThat(StackPlan.queueSettings(mapping))
        .isEqualTo(
            QueueMappingSettings.defaults()
                .withBatchSize(4)
                .withMaximumConcurrency(2)
                .withReportBatchItemFailures(true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          OrdersFunction | MemorySize                   | 20000         | OrdersFunction.MemorySize must be 128 to 10240, not 20000
          OrdersFunction | Handler                      | "dev.utsushi.Gone::handleRequest" | OrdersFunction.Handler names a class that is not in its code: dev.utsushi.Gone::handleRequest
          Orders         | TableName                    | "t"           | Orders.TableName must be 3 to 255 letters, digits, _, - and ., not t
          OrdersFunction | Timeout                      | 901           | OrdersFunction.Timeout must be 1 to 900, not 901
          OrdersFunction | Timeout                      | "soon"        | OrdersFunction.Timeout must be 1 to 900, not soon
          OrdersFunction | Runtime                      | "nodejs22.x"  | OrdersFunction.Runtime must be java25, not nodejs22.x
          OrdersFunction | Layers                       | ["arn"]       | OrdersFunction.Layers is not supported: the embedded runtime has no layers
          OrdersFunction | Colour                       | "red"         | OrdersFunction.Colour is not supported
          OrdersFunction | Code                         | {"S3Bucket": "b", "S3Key": "k"} | OrdersFunction.Code.S3Key is not an asset in
          OrdersFunction | Environment                  | {"Variables": {"AWS_REGION": "x"}} | OrdersFunction.Environment.Variables.AWS_REGION is not supported: Lambda reserves the name
          OrdersFunction | Environment                  | {"Variables": {"ENDPOINT": "https://search.example.com"}} | OrdersFunction.Environment.Variables.ENDPOINT is outside the template: bind a search endpoint to https://search.example.com
          OrdersFunction | Environment                  | {"Variables": {"SECRET": "arn:aws:secretsmanager:r:a:s"}} | OrdersFunction.Environment.Variables.SECRET is a secret, and there is no Secrets Manager here
          OrdersFunction | Environment                  | {"Variables": {"KEY": {"Ref": "Key"}}} | OrdersFunction.Environment.Variables.KEY refers to Key, of type AWS::KMS::Key, which is not created here
          OrdersMapping  | ParallelizationFactor        | 11            | OrdersMapping.ParallelizationFactor must be 1 to 10, not 11
          OrdersMapping  | BatchSize                    | 0             | OrdersMapping.BatchSize must be 1 to 10000, not 0
          OrdersMapping  | MaximumRecordAgeInSeconds    | 30            | OrdersMapping.MaximumRecordAgeInSeconds must be -1 or 60 to 604800, not 30
          OrdersMapping  | FunctionResponseTypes        | ["Whatever"]  | OrdersMapping.FunctionResponseTypes[0] must be ReportBatchItemFailures, not Whatever
          OrdersMapping  | StartingPosition             | "AT_TIMESTAMP" | OrdersMapping.StartingPosition is AT_TIMESTAMP, which only a Kinesis stream has
          OrdersMapping  | FilterCriteria               | {"Filters": [{"Pattern": "{}"}]} | OrdersMapping.FilterCriteria is not valid: filter 1 is not a valid pattern: Empty objects are not allowed
          OrdersMapping  | TumblingWindowInSeconds      | 30            | OrdersMapping.TumblingWindowInSeconds must be 0 (the embedded mapping has no tumbling windows), not 30
          OrdersMapping  | FunctionName                 | "nobody"      | OrdersMapping.FunctionName is not a function, version or alias of this template: nobody
          OrdersMapping  | FunctionName                 | "Copied-orders:dead" | OrdersMapping.FunctionName is not a function, version or alias of this template: Copied-orders:dead
          OrdersMapping  | EventSourceArn               | "arn:aws:dynamodb:r:a:table/t/stream/l" | OrdersMapping.EventSourceArn is not a stream of this template (bind a table to it): arn:aws:dynamodb:r:a:table/t/stream/l
          OrdersMapping  | DestinationConfig            | {"OnFailure": {"Destination": "arn:aws:sqs:r:a:q"}} | OrdersMapping.DestinationConfig.OnFailure.Destination is not a queue of this template: arn:aws:sqs:r:a:q
          OrdersMapping  | DestinationConfig            | {"OnSuccess": {}} | OrdersMapping.DestinationConfig.OnSuccess is not supported
          OrdersQueue    | FifoQueue                    | true          | OrdersQueue.FifoQueue is not supported
          OrdersQueue    | MessageRetentionPeriod       | 1209601       | OrdersQueue.MessageRetentionPeriod must be 60 to 1209600, not 1209601
          OrdersQueue    | QueueName                    | {"Ref": "OrdersQueue"} | OrdersQueue.QueueName refers to OrdersQueue, which refers back to itself
          Messages       | DelaySeconds                 | 901           | Messages.DelaySeconds must be 0 to 900, not 901
          Messages       | RedrivePolicy                | {"deadLetterTargetArn": "arn:aws:sqs:r:a:q", "maxReceiveCount": 2} | Messages.RedrivePolicy.deadLetterTargetArn is not a queue of this template: arn:aws:sqs:r:a:q
          Messages       | RedrivePolicy                | {"deadLetterTargetArn": {"Fn::GetAtt": ["DeadMessages", "Arn"]}} | Messages.RedrivePolicy.maxReceiveCount is missing
          DeadMessages   | RedrivePolicy                | {"deadLetterTargetArn": {"Fn::GetAtt": ["Messages", "Arn"]}, "maxReceiveCount": 2} | DeadMessages.RedrivePolicy.deadLetterTargetArn refers to Messages.Arn, which refers back to itself
          MessagesMapping | EventSourceArn              | "arn:aws:sqs:r:a:q" | MessagesMapping.EventSourceArn is not a queue of this template: arn:aws:sqs:r:a:q
          MessagesMapping | BatchSize                   | 11            | MessagesMapping.MaximumBatchingWindowInSeconds must be at least 1 for batches of more than 10 messages, not 0
          MessagesMapping | ScalingConfig               | {"MaximumConcurrency": 1} | MessagesMapping.ScalingConfig.MaximumConcurrency must be 2 to 1000, not 1
          MessagesMapping | StartingPosition            | "LATEST"      | MessagesMapping.StartingPosition is not supported: a queue's mapping does not have it
          MessagesFunction | Timeout                    | 11            | MessagesMapping.EventSourceArn is a queue whose visibility timeout of 10 s is shorter than the function's timeout of 11 s
          Visits         | GlobalSecondaryIndexes       | []            | Visits.GlobalSecondaryIndexes is not supported
          Visits         | KeySchema                    | [{"AttributeName": "other", "KeyType": "HASH"}] | Visits.KeySchema has other, which AttributeDefinitions does not define
          Orders         | Replicas                     | [{"Region": "a"}, {"Region": "b"}] | Orders.Replicas must be a list of one replica, in the stack's own region, not a list of 2
          Search         | EngineVersion                | "Elasticsearch_8.0" | Search.EngineVersion must be OpenSearch_1.0 or later, or Elasticsearch_7.10, not Elasticsearch_8.0
          OrdersLive     | FunctionVersion              | "7"           | OrdersLive.FunctionVersion is not a version of this template: 7
          Role           | Whatever                     | {"Ref": "Gone"} | Role.Whatever refers to Gone, which is not in the template
          """)
  void refusesAProperty(String logicalId, String property, String value, String problem)
      throws IOException {
    var changed = Templates.json(value);

    assertThat(problems(t -> Templates.properties(t, logicalId).set(property, changed)))
        .anyMatch(found -> found.contains(problem));
  }

  @Test
  void refusesTypesSectionsAndConditionsByNameAndAllAtOnce() throws IOException {
    List<String> problems =
        problems(
            template -> {
              template.putObject("Mappings");
              var resources = (ObjectNode) template.path("Resources");
              resources.putObject("Bus").put("Type", "AWS::Events::EventBus");
              ((ObjectNode) resources.path("OrdersQueue")).put("Condition", "Sometimes");
              Templates.properties(template, "OrdersFunction").remove("Handler");
              Templates.properties(template, "VisitsFunction").remove("Role");
            });

    assertThat(problems)
        .contains(
            "Mappings is not supported",
            "Bus has a type that is not supported: AWS::Events::EventBus",
            "OrdersQueue.Condition is not supported: conditions are not evaluated here",
            "OrdersFunction.Handler is missing",
            "VisitsFunction.Role is missing");
  }

  @Test
  void refusesMoreVariablesThanLambdaTakes() throws IOException {
    assertThat(
            problems(
                template ->
                    Templates.variables(template, "OrdersFunction").put("BIG", "x".repeat(4_094))))
        .anyMatch(
            found ->
                found.matches(
                    "OrdersFunction.Environment.Variables must be 4096 bytes at most, not"
                        + " 43\\d\\d"));
  }

  @Test
  void refusesParametersWithoutAValue() throws IOException {
    Template template = Templates.file(directory, Templates.copied());

    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> StackPlan.read(template, Bindings.none()))
        .withMessageContaining(
            "OrdersFunction.Environment.Variables.RECORDING refers to Recording, a parameter"
                + " without a default: give it a value");
  }

  @Test
  void acceptsWhatIsBoundFromOutside() throws IOException {
    String streamArn = "arn:aws:dynamodb:eu-west-1:1:table/old/stream/2026-01-01T00:00:00.000";
    Template template =
        Templates.changed(
            directory,
            changed -> {
              Templates.properties(changed, "OrdersMapping").put("EventSourceArn", streamArn);
              Templates.variables(changed, "OrdersFunction")
                  .put("ENDPOINT", "https://search.example.com");
            });

    StackPlan plan =
        StackPlan.read(
            template,
            BINDINGS
                .withTable(
                    streamArn, List.of(new Bindings.KeyAttribute("id", ScalarAttributeType.S)))
                .withCode("VisitsFunction", TestCode.classPath())
                .withSearchEndpoint("https://search.example.com"));

    assertThat(plan.tables())
        .filteredOn(table -> table.arn().equals(streamArn))
        .extracting(Resource::name)
        .containsExactly("old");
    Resource visits = plan.find("Copied-VisitsFunction").orElseThrow();
    assertThat(plan.configuration(visits).code()).isEqualTo(TestCode.classPath());
  }

  @Test
  void ignoresCustomResourcesAndTheFunctionsBehindThem() throws IOException {
    Template template =
        Templates.changed(
            directory,
            changed -> {
              var resources = (ObjectNode) changed.path("Resources");
              resources.putObject("Provider").put("Type", "AWS::Lambda::Function");
              resources
                  .putObject("Retention")
                  .put("Type", "Custom::LogRetention")
                  .putObject("Properties")
                  .putObject("ServiceToken")
                  .putArray("Fn::GetAtt")
                  .add("Provider")
                  .add("Arn");
            });

    assertThat(StackPlan.read(template, BINDINGS).of(Resource.FUNCTION)).hasSize(3);
  }

  @Test
  void saysWhichFileCantBeRead() throws IOException {
    Path broken = Files.writeString(directory.resolve("Broken.template.json"), "{");

    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> Template.read(broken))
        .withMessageContaining("Broken.template.json is not JSON");
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> Template.read(directory.resolve("missing.json")))
        .withMessageContaining("missing.json can't be read");
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private List<String> problems(Consumer<ObjectNode> change) throws IOException {
    Template template = Templates.changed(directory, change);
    var refused =
        catchThrowableOfType(TemplateException.class, () -> StackPlan.read(template, BINDINGS));
    return refused.problems();
  }
}
