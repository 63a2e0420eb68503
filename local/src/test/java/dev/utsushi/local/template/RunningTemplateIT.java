package dev.utsushi.local.template;

import static dev.utsushi.local.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.TestCode;
import dev.utsushi.local.handlers.ChangesHandler;
import dev.utsushi.local.handlers.InitFailingHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sqs.model.Message;

class RunningTemplateIT {

  private static LocalAws aws;

  @TempDir private Path directory;

  @BeforeAll
  static void startServers() {
    aws = LocalAws.start();
  }

  @AfterAll
  static void stopServers() {
    aws.close();
  }

  @Test
  void runsTheTemplate() throws Exception {
    try (var running = start(template -> {})) {
      put("orders", Map.of("id", AttributeValue.fromS("a")));
      put("Copied-Visits", key("v"));

      awaitLine("orders", " a ");
      awaitLine("visits", " v ");
      assertThat(running.problems()).isEmpty();
      assertThat(
              running
                  .part(RunningTemplate.Mapping.class, "OrdersMapping")
                  .settings()
                  .parallelizationFactor())
          .isEqualTo(3);
      assertThat(
              running
                  .part(RunningTemplate.Mapping.class, "VisitsMapping")
                  .settings()
                  .parallelizationFactor())
          .isEqualTo(1);
      assertThat(
              running
                  .part(RunningTemplate.Function.class, "OrdersFunction")
                  .function()
                  .configuration()
                  .environment())
          .containsEntry("ENDPOINT", aws.search().endpoint().toString())
          .containsEntry("STREAM", running.part(RunningTemplate.Table.class, "Orders").streamArn())
          .containsEntry("QUEUE", running.part(RunningTemplate.Queue.class, "OrdersQueue").url());
    }
  }

  @Test
  void aTablesChangesReachAFunctionThroughAKinesisStream() throws Exception {
    try (var running =
        start(
            template -> {
              streamed(template, Templates.properties(template, "Orders").at("/Replicas/0"));
              Templates.properties(template, "OrdersMapping")
                  .set("EventSourceArn", arn("Changes", "Arn"));
            })) {
      put("orders", Map.of("id", AttributeValue.fromS("a")));
      running.part(RunningTemplate.Destination.class, "Orders").running().awaitForwarded();

      awaitLine("orders", "stream/Copied-Changes {");
      assertThat(lines("orders").getFirst())
          .contains("\"Keys\":{\"id\":{\"S\":\"a\"}}")
          .contains("\"ApproximateCreationDateTimePrecision\":\"MICROSECOND\"");
      var stream = running.part(RunningTemplate.Stream.class, "Changes");
      assertThat(aws.kinesis().client().listShards(l -> l.streamName(stream.name())).shards())
          .hasSize(2);
      assertThat(
              aws.kinesis()
                  .client()
                  .describeStreamSummary(describe -> describe.streamName(stream.name()))
                  .streamDescriptionSummary()
                  .retentionPeriodHours())
          .isEqualTo(48);
      assertThat(stream.table()).contains(running.part(RunningTemplate.Table.class, "Orders"));
      assertThat(
              running
                  .part(RunningTemplate.Function.class, "OrdersFunction")
                  .function()
                  .configuration()
                  .environment())
          .containsEntry("AWS_ENDPOINT_URL_KINESIS", aws.kinesis().endpoint().toString());
      assertThat(running.problems()).isEmpty();
    }
    assertThat(aws.kinesis().client().listStreams().streamNames()).isEmpty();
  }

  @Test
  void aTableWithoutAStreamFeedsAConsumerOfAKinesisStreamOnDemand() throws Exception {
    try (var running =
        start(
            template -> {
              ObjectNode visits = Templates.properties(template, "Visits");
              visits.remove("StreamSpecification");
              streamed(template, visits);
              ObjectNode changes = Templates.properties(template, "Changes");
              changes.remove("ShardCount");
              changes.putObject("StreamModeDetails").put("StreamMode", "ON_DEMAND");
              ObjectNode resources = (ObjectNode) template.path("Resources");
              resources
                  .putObject("Consumer")
                  .put("Type", "AWS::Kinesis::StreamConsumer")
                  .putObject("Properties")
                  .put("ConsumerName", "one")
                  .set("StreamARN", arn("Changes", "Arn"));
              Templates.properties(template, "VisitsMapping")
                  .set("EventSourceArn", arn("Consumer", "ConsumerARN"));
              Templates.properties(template, "VisitsFunction")
                  .put("Handler", ChangesHandler.class.getName() + "::handleRequest");
            })) {
      assertThat(running.part(RunningTemplate.Table.class, "Visits").streamArn()).isEmpty();
      put("Copied-Visits", key("v"));

      String consumer = running.part(RunningTemplate.Consumer.class, "Consumer").streamArn();
      awaitLine("visits", consumer + " {");
      assertThat(lines("visits").getFirst()).contains("\"id\":{\"S\":\"v\"}");
    }
  }

  /** Adds a stream, the destination of a table, and gives its changes to the first function. */
  private static void streamed(ObjectNode template, JsonNode table) {
    ObjectNode resources = (ObjectNode) template.path("Resources");
    resources
        .putObject("Changes")
        .put("Type", "AWS::Kinesis::Stream")
        .putObject("Properties")
        .put("ShardCount", 2)
        .put("RetentionPeriodHours", 48);
    ((ObjectNode) table)
        .putObject("KinesisStreamSpecification")
        .put("ApproximateCreationDateTimePrecision", "MICROSECOND")
        .set("StreamArn", arn("Changes", "Arn"));
    Templates.properties(template, "OrdersFunction")
        .put("Handler", ChangesHandler.class.getName() + "::handleRequest");
  }

  private static JsonNode arn(String logicalId, String attribute) {
    ObjectNode arn = JsonNodeFactory.instance.objectNode();
    arn.putArray("Fn::GetAtt").add(logicalId).add(attribute);
    return arn;
  }

  @Test
  void aPoisonRecordIsInTheOnFailureQueueAfterFourAttempts() throws Exception {
    try (var running = start(template -> {})) {
      put("orders", Map.of("id", AttributeValue.fromS("p"), "do", AttributeValue.fromS("report")));

      JsonNode message = Templates.json(receive(running, "OrdersQueue").body());
      assertThat(message.at("/requestContext/approximateInvokeCount").asInt()).isEqualTo(4);
      assertThat(message.at("/requestContext/functionArn").asText())
          .isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:Copied-orders:live");
      assertThat(message.at("/DDBStreamBatchInfo/streamArn").asText())
          .isEqualTo(running.part(RunningTemplate.Table.class, "Orders").streamArn());
      assertThat(lines("orders")).hasSize(4);
      assertThat(
              running
                  .part(RunningTemplate.Mapping.class, "OrdersMapping")
                  .running()
                  .counters()
                  .invocations())
          .isEqualTo(4);
    }
  }

  @Test
  void messagesReachTheFunctionAndAreRedrivenWhenTheyFailTooOften() throws Exception {
    try (var running =
        start(
            template -> Templates.properties(template, "Messages").put("VisibilityTimeout", 10))) {
      // Otherwise messages could become visible again while the first environment starts.
      var function = running.part(RunningTemplate.Function.class, "MessagesFunction").function();
      assertThat(function.initialize()).isEmpty();
      send(running, "Messages", "good");
      send(running, "Messages", "report bad");

      awaitLine("messages", " good");
      assertThat(receive(running, "DeadMessages").body()).isEqualTo("report bad");
      assertThat(lines("messages").stream().filter(line -> line.endsWith("bad"))).hasSize(2);
      assertThat(
              running
                  .part(RunningTemplate.QueueMapping.class, "MessagesMapping")
                  .running()
                  .counters()
                  .deletedMessages())
          .isEqualTo(1);
      assertThat(running.part(RunningTemplate.QueueMapping.class, "MessagesMapping").queue())
          .isEqualTo(running.part(RunningTemplate.Queue.class, "Messages"));
    }
  }

  @Test
  void functionsReachTheEmbeddedServersThroughTheSdksEndpointVariables() throws Exception {
    try (var running = start(template -> {})) {
      String dynamoDb = aws.dynamoDb().endpoint().toString();

      assertThat(
              running
                  .part(RunningTemplate.Function.class, "MessagesFunction")
                  .function()
                  .configuration()
                  .environment())
          .containsEntry("AWS_ENDPOINT_URL_SQS", aws.sqs().endpoint().toString())
          .containsEntry("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb)
          .containsEntry("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", dynamoDb)
          .hasEntrySatisfying(
              "TABLE",
              arn ->
                  assertThat(running.part(RunningTemplate.Table.class, "Orders").streamArn())
                      .startsWith(arn));
    }
  }

  @Test
  void functionsAreInvokedThroughTheLambdaApi() throws Exception {
    try (var running = start(template -> {});
        var lambda =
            LambdaClient.builder()
                .endpointOverride(running.lambdaApi().endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
      var listed = lambda.listFunctions().functions();
      assertThat(listed).hasSize(3);
      assertThat(lambda.listTags(r -> r.resource(listed.getFirst().functionArn())).tags())
          .containsEntry("aws:cloudformation:stack-name", "Copied");

      var reply =
          lambda.invoke(
              r ->
                  r.functionName("Copied-MessagesFunction")
                      .payload(SdkBytes.fromUtf8String("{\"Records\":[]}")));
      assertThat(reply.functionError()).isNull();
      assertThat(reply.payload().asUtf8String()).isEqualTo("{\"batchItemFailures\":[]}");
    }
  }

  @Test
  void refusesAFunctionWithoutItsSettingsWhereADeploymentPublishesAVersion() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                start(
                    template ->
                        Templates.properties(template, "OrdersFunction")
                            .put(
                                "Handler", InitFailingHandler.class.getName() + "::handleRequest")))
        .withMessageContaining("OrdersFunction does not initialize")
        .withMessageContaining("a setting is missing");
  }

  @Test
  void reportsAFunctionThatFailsItsFirstInvocation() throws Exception {
    try (var running =
        start(
            template ->
                Templates.properties(template, "VisitsFunction")
                    .put("Handler", InitFailingHandler.class.getName() + "::handleRequest"))) {
      put("Copied-Visits", key("v"));

      await().until(() -> !running.problems().isEmpty());
      assertThat(running.problems().getFirst())
          .contains("VisitsMapping: the function does not initialize", "a setting is missing");
    }
  }

  @Test
  void runsWithATableAndAnEngineFromOutsideTheTemplate() throws Exception {
    String streamArn = "arn:aws:dynamodb:eu-west-1:1:table/old/stream/2026-01-01T00:00:00.000";
    Template template =
        Templates.changed(
            directory,
            changed -> {
              Templates.properties(changed, "OrdersMapping").put("EventSourceArn", streamArn);
              Templates.variables(changed, "OrdersFunction")
                  .put("STREAM", streamArn)
                  .put("ENDPOINT", "https://search.example.com");
            });
    Bindings bound =
        bindings()
            .withTable(streamArn, List.of(new Bindings.KeyAttribute("id", ScalarAttributeType.S)))
            .withSearchEndpoint("https://search.example.com");

    try (var running = RunningTemplate.start(aws, template, bound)) {
      put("old", Map.of("id", AttributeValue.fromS("a")));

      awaitLine("orders", " a ");
      assertThat(
              running
                  .part(RunningTemplate.Function.class, "OrdersFunction")
                  .function()
                  .configuration()
                  .environment())
          .containsEntry("STREAM", running.part(RunningTemplate.Table.class, "old").streamArn())
          .containsEntry("ENDPOINT", aws.search().endpoint().toString());
    }
  }

  @Test
  void aRateSendsItsMessageAtOnce() throws Exception {
    try (var running =
        start(
            template -> {
              schedule(template, "Daily", "rate(1 day)");
              schedule(template, "Nightly", "cron(0 3 * * ? *)");
              schedule(template, "Never", "rate(1 minute)").put("State", "DISABLED");
            })) {
      assertThat(running.parts(RunningTemplate.Schedule.class))
          .extracting(schedule -> schedule.logicalId() + schedule.runs())
          .containsExactly("Dailytrue", "Nightlyfalse", "Neverfalse");
      awaitLine("messages", " good Daily");
      send(running, "Messages", "good");
      awaitLine("messages", " good");
      assertThat(lines("messages")).noneMatch(line -> line.contains("Nightly"));
      assertThat(lines("messages")).noneMatch(line -> line.contains("Never"));
      assertThat(running.problems()).isEmpty();
    }
  }

  private static ObjectNode schedule(ObjectNode template, String id, String expression) {
    ObjectNode schedule = ((ObjectNode) template.path("Resources")).putObject(id);
    schedule.put("Type", Resource.SCHEDULE);
    ObjectNode properties = schedule.putObject("Properties").put("ScheduleExpression", expression);
    properties.putObject("FlexibleTimeWindow").put("Mode", "OFF");
    properties
        .putObject("Target")
        .put("Input", "good " + id)
        .put("RoleArn", "arn:aws:iam::000000000000:role/scheduler")
        .putObject("Arn")
        .putArray("Fn::GetAtt")
        .add("Messages")
        .add("Arn");
    return properties;
  }

  @Test
  void aDisabledMappingReadsNothing() throws Exception {
    try (var running =
        start(template -> Templates.properties(template, "OrdersMapping").put("Enabled", false))) {
      put("orders", Map.of("id", AttributeValue.fromS("a")));
      put("Copied-Visits", key("v"));

      awaitLine("visits", " v ");
      assertThat(
              running
                  .part(RunningTemplate.Mapping.class, "OrdersMapping")
                  .running()
                  .counters()
                  .polledRecords())
          .isZero();
    }
  }

  private RunningTemplate start(Consumer<ObjectNode> change)
      throws IOException, InterruptedException {
    return RunningTemplate.start(aws, Templates.changed(directory, change), bindings());
  }

  private Bindings bindings() {
    return Bindings.none()
        .withParameter("Recording", directory.toString())
        .withCode("OrdersFunction", TestCode.classPath())
        .withCode("MessagesFunction", TestCode.classPath())
        .withCode("VisitsFunction", TestCode.classPath());
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of("id", AttributeValue.fromS(id), "at", AttributeValue.fromN("1"));
  }

  private static void put(String table, Map<String, AttributeValue> item) {
    aws.dynamoDb().client().putItem(request -> request.tableName(table).item(item));
  }

  private static void send(RunningTemplate running, String queue, String body) {
    String url = running.part(RunningTemplate.Queue.class, queue).url();
    aws.sqs().client().sendMessage(send -> send.queueUrl(url).messageBody(body));
  }

  private static Message receive(RunningTemplate running, String queue) throws Exception {
    String url = running.part(RunningTemplate.Queue.class, queue).url();
    List<Message> received = new ArrayList<>();
    var sqs = aws.sqs().client();
    await()
        .until(
            () -> received.addAll(sqs.receiveMessage(request -> request.queueUrl(url)).messages()));
    return received.getFirst();
  }

  private List<String> lines(String recording) throws IOException {
    Path file = directory.resolve(recording);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void awaitLine(String recording, String part) throws Exception {
    await()
        .alias(part + " in " + recording)
        .until(() -> lines(recording).stream().anyMatch(line -> line.contains(part)));
  }
}
