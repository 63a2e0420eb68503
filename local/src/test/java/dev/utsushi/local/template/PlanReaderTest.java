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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class PlanReaderTest {
  private static final Bindings BINDINGS = Bindings.none().withParameter("Recording", "/tmp/r");

  @TempDir private Path directory;

  @Test
  void readsTablesWithTheirKeysStreamsAndExpiry() throws IOException {
    Plan plan = PlanReader.read(Templates.file(directory, Templates.copied()), BINDINGS);

    assertThat(plan.all(Planned.Table.class))
        .extracting(Planned.Table::name)
        .containsExactly("orders", "Copied-Visits");
    assertThat(plan.all(Planned.Table.class).getFirst().expiry()).contains("expires");
    assertThat(plan.all(Planned.Table.class).getLast().keys())
        .containsExactly(
            new KeyAttribute("id", ScalarAttributeType.S),
            new KeyAttribute("at", ScalarAttributeType.N));
  }

  @Test
  void readsMappingsWithAllTheirSettings() throws IOException {
    Plan plan = PlanReader.read(Templates.file(directory, Templates.copied()), BINDINGS);

    var orders = plan.all(Planned.Mapping.class).getFirst();
    assertThat(orders.function()).isEqualTo(new FunctionReference("Copied-orders", "live"));
    assertThat(orders.settings())
        .isEqualTo(
            EventSourceMappingSettings.defaults()
                .withBatchSize(1)
                .withParallelizationFactor(3)
                .withMaximumRetryAttempts(3)
                .withReportBatchItemFailures(true));
    assertThat(orders.onFailureArn())
        .contains("arn:aws:sqs:us-east-1:000000000000:orders-dead-letters");
    assertThat(plan.all(Planned.Mapping.class).getLast().settings())
        .isEqualTo(
            EventSourceMappingSettings.defaults()
                .withBatchSize(10)
                .withBatchingWindow(Duration.ofSeconds(1))
                .withStartingPosition(StartingPosition.LATEST));
  }

  @Test
  void readsFiltersAndTakesNoTumblingWindowForNone() throws IOException {
    String pattern = "{\"eventName\":[\"INSERT\"]}";
    TemplateFile template =
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
    Plan plan = PlanReader.read(template, BINDINGS);

    assertThat(plan.all(Planned.Mapping.class).getFirst().settings().filters())
        .isEqualTo(FilterCriteria.of(pattern));
  }

  @Test
  void anAliasComesToTheVersionThatItNames() throws IOException {
    Plan plan = PlanReader.read(Templates.file(directory, Templates.copied()), BINDINGS);

    assertThat(plan.executedVersion(new FunctionReference("Copied-orders", "live"))).isEqualTo("1");
    assertThat(plan.executedVersion(new FunctionReference("Copied-orders", "3"))).isEqualTo("3");
    assertThat(plan.executedVersion(new FunctionReference("Copied-orders", "")))
        .isEqualTo("$LATEST");
  }

  @Test
  void readsFunctionsWithTheirAssets() throws IOException {
    Plan plan = PlanReader.read(Templates.file(directory, Templates.copied()), BINDINGS);

    var orders = plan.all(Planned.Function.class).getFirst();
    assertThat(orders.snapStart()).isTrue();
    assertThat(orders.configuration().code())
        .containsExactly(directory.toAbsolutePath().resolve("asset.jar"));
    assertThat(orders.configuration().memoryMegabytes()).isEqualTo(256);
    assertThat(orders.configuration().environment()).containsEntry("RECORDING", "/tmp/r/orders");
    var visits = plan.all(Planned.Function.class).getLast();
    assertThat(visits.configuration().functionName()).isEqualTo("Copied-VisitsFunction");
    assertThat(visits.configuration().timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(visits.configuration().reservedConcurrency()).isEqualTo(1);
  }

  @Test
  void readsQueuesWithTheirAttributes() throws IOException {
    Plan plan = PlanReader.read(Templates.file(directory, Templates.copied()), BINDINGS);

    assertThat(plan.all(Planned.Queue.class))
        .extracting(Planned.Queue::attributes)
        .containsExactly(
            Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "1209600"),
            Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "30"),
            Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                "10",
                QueueAttributeName.DELAY_SECONDS,
                "1",
                QueueAttributeName.MAXIMUM_MESSAGE_SIZE,
                "1048576"),
            Map.of());
    assertThat(plan.all(Planned.Queue.class))
        .extracting(Planned.Queue::redrive)
        .contains(
            Optional.of(
                new Planned.Redrive("arn:aws:sqs:us-east-1:000000000000:Copied-DeadMessages", 2)));
  }

  @Test
  void readsMappingsOfQueues() throws IOException {
    Plan plan = PlanReader.read(Templates.file(directory, Templates.copied()), BINDINGS);

    assertThat(plan.all(Planned.QueueMapping.class))
        .containsExactly(
            new Planned.QueueMapping(
                "MessagesMapping",
                "arn:aws:sqs:us-east-1:000000000000:Copied-Messages",
                new FunctionReference("Copied-MessagesFunction", ""),
                QueueMappingSettings.defaults()
                    .withBatchSize(4)
                    .withMaximumConcurrency(2)
                    .withReportBatchItemFailures(true),
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          OrdersFunction | MemorySize                   | 20000         | OrdersFunction.MemorySize takes 128 to 10240, not 20000
          OrdersFunction | Handler                      | "dev.utsushi.Gone::handleRequest" | OrdersFunction.Handler names a class that is not in its code: dev.utsushi.Gone::handleRequest
          Orders         | TableName                    | "t"           | Orders.TableName takes 3 to 255 letters, digits, _, - and ., not t
          OrdersFunction | Timeout                      | 901           | OrdersFunction.Timeout takes 1 to 900, not 901
          OrdersFunction | Timeout                      | "soon"        | OrdersFunction.Timeout is not a whole number
          OrdersFunction | Runtime                      | "nodejs22.x"  | OrdersFunction.Runtime takes java25 here, not nodejs22.x
          OrdersFunction | Layers                       | ["arn"]       | OrdersFunction.Layers is refused: the embedded runtime has no layers
          OrdersFunction | Colour                       | "red"         | OrdersFunction.Colour is not known here
          OrdersFunction | Code                         | {"S3Bucket": "b", "S3Key": "k"} | names no asset of
          OrdersFunction | Environment                  | {"Variables": {"AWS_REGION": "x"}} | OrdersFunction.Environment.Variables.AWS_REGION is a name that Lambda reserves
          OrdersFunction | Environment                  | {"Variables": {"ENDPOINT": "https://search.example.com"}} | OrdersFunction.Environment.Variables.ENDPOINT is outside the template: bind a search endpoint to https://search.example.com
          OrdersFunction | Environment                  | {"Variables": {"SECRET": "arn:aws:secretsmanager:r:a:s"}} | OrdersFunction.Environment.Variables.SECRET names a secret, and no Secrets Manager runs here
          OrdersFunction | Environment                  | {"Variables": {"KEY": {"Ref": "Key"}}} | OrdersFunction.Environment.Variables.KEY refers to Key, of type AWS::KMS::Key, which has no meaning here
          OrdersMapping  | ParallelizationFactor        | 11            | OrdersMapping.ParallelizationFactor takes 1 to 10, not 11
          OrdersMapping  | BatchSize                    | 0             | OrdersMapping.BatchSize takes 1 to 10000, not 0
          OrdersMapping  | MaximumRecordAgeInSeconds    | 30            | OrdersMapping.MaximumRecordAgeInSeconds takes -1 or 60 to 604800, not 30
          OrdersMapping  | FunctionResponseTypes        | ["Whatever"]  | OrdersMapping.FunctionResponseTypes takes ReportBatchItemFailures, not [Whatever]
          OrdersMapping  | StartingPosition             | "AT_TIMESTAMP" | OrdersMapping.StartingPosition takes TRIM_HORIZON or LATEST here, not AT_TIMESTAMP
          OrdersMapping  | FilterCriteria               | {"Filters": [{"Pattern": "{}"}]} | OrdersMapping.FilterCriteria is refused: filter 1 is no valid pattern: Empty objects are not allowed
          OrdersMapping  | TumblingWindowInSeconds      | 30            | OrdersMapping.TumblingWindowInSeconds is refused: the embedded mapping has no tumbling windows
          OrdersMapping  | FunctionName                 | "nobody"      | OrdersMapping.FunctionName is no function of the template's: nobody
          OrdersMapping  | FunctionName                 | "Copied-orders:dead" | OrdersMapping refers to version or alias dead of Copied-orders, which the template does not have
          OrdersMapping  | EventSourceArn               | "arn:aws:dynamodb:r:a:table/t/stream/l" | OrdersMapping.EventSourceArn is no stream of the template's: bind a table to arn:aws:dynamodb:r:a:table/t/stream/l
          OrdersMapping  | DestinationConfig            | {"OnFailure": {"Destination": "arn:aws:sqs:r:a:q"}} | OrdersMapping.DestinationConfig.OnFailure.Destination is no queue of the template's: arn:aws:sqs:r:a:q
          OrdersMapping  | DestinationConfig            | {"OnSuccess": {}} | OrdersMapping.DestinationConfig.OnSuccess is not known here
          OrdersQueue    | FifoQueue                    | true          | OrdersQueue.FifoQueue is not known here
          OrdersQueue    | MessageRetentionPeriod       | 1209601       | OrdersQueue.MessageRetentionPeriod takes 60 to 1209600, not 1209601
          OrdersQueue    | QueueName                    | {"Ref": "OrdersQueue"} | OrdersQueue.QueueName refers to OrdersQueue, which refers back to itself
          Messages       | DelaySeconds                 | 901           | Messages.DelaySeconds takes 0 to 900, not 901
          Messages       | RedrivePolicy                | {"deadLetterTargetArn": "arn:aws:sqs:r:a:q", "maxReceiveCount": 2} | Messages.RedrivePolicy.deadLetterTargetArn is no queue of the template's: arn:aws:sqs:r:a:q
          Messages       | RedrivePolicy                | {"deadLetterTargetArn": {"Fn::GetAtt": ["DeadMessages", "Arn"]}} | Messages.RedrivePolicy.maxReceiveCount is missing
          DeadMessages   | RedrivePolicy                | {"deadLetterTargetArn": {"Fn::GetAtt": ["Messages", "Arn"]}, "maxReceiveCount": 2} | Messages.RedrivePolicy comes back to itself
          MessagesMapping | EventSourceArn              | "arn:aws:sqs:r:a:q" | MessagesMapping.EventSourceArn is no queue of the template's: arn:aws:sqs:r:a:q
          MessagesMapping | BatchSize                   | 11            | MessagesMapping.BatchSize takes more than 10 only with a batching window
          MessagesMapping | ScalingConfig               | {"MaximumConcurrency": 1} | MessagesMapping.ScalingConfig.MaximumConcurrency takes 2 to 1000, not 1
          MessagesMapping | StartingPosition            | "LATEST"      | MessagesMapping.StartingPosition is refused: a queue's mapping does not have it
          MessagesFunction | Timeout                    | 11            | MessagesMapping is of a queue whose visibility timeout of 10 s is less than the function's time-out of 11 s
          Visits         | GlobalSecondaryIndexes       | []            | Visits.GlobalSecondaryIndexes is not known here
          Visits         | KeySchema                    | [{"AttributeName": "other", "KeyType": "HASH"}] | Visits.KeySchema has other, which AttributeDefinitions does not
          Orders         | Replicas                     | [{"Region": "a"}, {"Region": "b"}] | Orders.Replicas takes the stack's own region here, not [a, b]
          Search         | EngineVersion                | "Elasticsearch_8.0" | Search.EngineVersion is of no engine here: Elasticsearch_8.0
          OrdersLive     | FunctionVersion              | "7"           | OrdersLive refers to version or alias 7 of Copied-orders, which the template does not have
          Role           | Whatever                     | {"Ref": "Gone"} | Role refers to Gone, which the template does not have
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
            "Mappings is a section that is not known here",
            "Bus is of type AWS::Events::EventBus, which is not known here",
            "OrdersQueue stands under the condition Sometimes, and conditions are not evaluated"
                + " here",
            "OrdersFunction.Handler is missing",
            "VisitsFunction.Role is missing");
  }

  @Test
  void refusesParametersWithoutAValue() throws IOException {
    TemplateFile template = Templates.file(directory, Templates.copied());

    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> PlanReader.read(template, Bindings.none()))
        .withMessageContaining(
            "OrdersFunction.Environment.Variables.RECORDING refers to Recording, a parameter"
                + " without a default: give it a value");
  }

  @Test
  void takesWhatIsBoundFromOutside() throws IOException {
    String streamArn = "arn:aws:dynamodb:eu-west-1:1:table/old/stream/2026-01-01T00:00:00.000";
    TemplateFile template =
        Templates.changed(
            directory,
            changed -> {
              Templates.properties(changed, "OrdersMapping").put("EventSourceArn", streamArn);
              Templates.variables(changed, "OrdersFunction")
                  .put("ENDPOINT", "https://search.example.com");
            });

    Plan plan =
        PlanReader.read(
            template,
            BINDINGS
                .withTable(streamArn, List.of(new KeyAttribute("id", ScalarAttributeType.S)))
                .withCode("VisitsFunction", TestCode.classPath())
                .withSearchEndpoint("https://search.example.com"));

    assertThat(plan.tableOfStream(streamArn)).map(Planned.Table::name).contains("old");
    assertThat(plan.all(Planned.Function.class).getLast().configuration().code())
        .isEqualTo(TestCode.classPath());
  }

  @Test
  void ignoresCustomResourcesAndTheFunctionsBehindThem() throws IOException {
    TemplateFile template =
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

    assertThat(PlanReader.read(template, BINDINGS).all(Planned.Function.class)).hasSize(3);
  }

  @Test
  void saysWhichFileCantBeRead() throws IOException {
    Path broken = Files.writeString(directory.resolve("Broken.template.json"), "{");

    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> TemplateFile.read(broken))
        .withMessageContaining("Broken.template.json is no JSON");
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> TemplateFile.read(directory.resolve("missing.json")))
        .withMessageContaining("missing.json can't be read");
  }

  private List<String> problems(Consumer<ObjectNode> change) throws IOException {
    TemplateFile template = Templates.changed(directory, change);
    var refused =
        catchThrowableOfType(TemplateException.class, () -> PlanReader.read(template, BINDINGS));
    return refused.problems();
  }
}
