package dev.utsushi.outbox.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.FilterCriteria;
import dev.utsushi.local.mapping.MappingContext;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.outbox.LocalOutbox;
import dev.utsushi.outbox.broker.CloudEvents;
import dev.utsushi.outbox.table.OutboxSchema;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Both functions in their own JVMs, under AWS's runtime. */
class HandlersIT {
  private static final List<Path> CODE =
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(Path::of)
          .filter(Files::exists)
          .toList();

  private static Map<String, String> environment(LocalOutbox local, LocalSqs sqs, String queue) {
    return Map.of(
        "AWS_ENDPOINT_URL_DYNAMODB",
        local.dynamoDb().endpoint().toString(),
        "AWS_ENDPOINT_URL_SQS",
        sqs.endpoint().toString(),
        OutboxSettings.TABLE,
        LocalOutbox.TABLE,
        OutboxSettings.TARGET,
        queue,
        OutboxSettings.GRACE_SECONDS,
        "1",
        OutboxSettings.INTERVAL_SECONDS,
        "1");
  }

  private static LambdaFunction function(String handler, Map<String, String> environment) {
    return new LambdaFunction(
        LambdaConfiguration.of("outbox", CODE, handler + "::handleRequest")
            .withEnvironment(environment)
            .withTimeout(Duration.ofSeconds(30)));
  }

  @Test
  void theRelayPublishesAndThePollerTakesOverWhenTheRelayIsGone() throws Exception {
    try (var local = new LocalOutbox();
        var sqs = LocalSqs.start()) {
      String queue =
          sqs.client()
              .createQueue(
                  create ->
                      create
                          .queueName("events.fifo")
                          .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
              .queueUrl();
      var environment = environment(local, sqs, queue);
      try (var relay = function(RelayHandler.class.getName(), environment);
          var poller = function(PollerHandler.class.getName(), environment)) {
        try (var mapping = mapping(local, relay)) {
          mapping.start();
          local.commit("a", 1, 3);
          assertThat(received(sqs, queue, 3)).containsExactly("a#1", "a#2", "a#3");
        }
        local.commit("a", 4, 5);
        assertThat(poller.invoke("{}".getBytes(UTF_8)))
            .isInstanceOfSatisfying(
                InvocationResult.Succeeded.class,
                reply -> assertThat(reply.payload()).isEqualTo("\"published 2\""));
        assertThat(received(sqs, queue, 2)).containsExactly("a#4", "a#5");
        assertThat(local.table().look()).isEmpty();
      }
    }
  }

  private static EventSourceMapping mapping(LocalOutbox local, LambdaFunction relay) {
    String stream =
        local
            .dynamoDb()
            .client()
            .describeTable(describe -> describe.tableName(LocalOutbox.TABLE))
            .table()
            .latestStreamArn();
    var settings =
        EventSourceMappingSettings.defaults()
            .withReportBatchItemFailures(true)
            .withFilters(FilterCriteria.of(OutboxSchema.STREAM_FILTER));
    return new EventSourceMapping(
        local.dynamoDb().streams(), MappingContext.of(stream, relay, settings));
  }

  private static List<String> received(LocalSqs sqs, String queue, int events) {
    List<String> received = new ArrayList<>();
    while (received.size() < events) {
      var messages =
          sqs.client()
              .receiveMessage(
                  receive -> receive.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(15))
              .messages();
      assertThat(messages).as("after %s", received).isNotEmpty();
      for (var message : messages) {
        received.add(CloudEvents.read(message.body().getBytes(UTF_8)).place().toString());
        sqs.client()
            .deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(message.receiptHandle()));
      }
    }
    return received;
  }
}
