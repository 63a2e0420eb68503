package dev.utsushi.local.mapping;

import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.stream.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.sqs.model.Message;

/** Servers for a class of tests; a table, its function and checkpoints for each of them. */
final class MappedPipeline
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

  static final EventSourceMappingSettings ONE_BY_ONE =
      EventSourceMappingSettings.defaults()
          .withBatchSize(1)
          .withMaximumRetryAttempts(3)
          .withReportBatchItemFailures(true);

  /** What a test starts with; each part is there once its callback has run. */
  private record Servers(LocalDynamoDb dynamoDb, LocalSqs sqs) {}

  private record Test(Path directory, MappedTable table, CheckpointStore checkpoints) {}

  private Servers servers;
  private Test test;

  @SuppressWarnings("NullAway.Init") // JUnit runs the callbacks before any test.
  MappedPipeline() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    servers = new Servers(LocalDynamoDb.start(), LocalSqs.start());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    servers.dynamoDb().close();
    servers.sqs().close();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    Path directory = Files.createTempDirectory("mapping-it-");
    test =
        new Test(directory, new MappedTable(servers.dynamoDb(), directory), new CheckpointStore());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    test.table().close();
    try (var files = Files.walk(test.directory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  LocalDynamoDb dynamoDb() {
    return servers.dynamoDb();
  }

  LocalSqs sqs() {
    return servers.sqs();
  }

  MappedTable table() {
    return test.table();
  }

  /** Another table instead of the one there is, whose function differs. */
  MappedTable tableWith(UnaryOperator<LambdaConfiguration> change) {
    test.table().close();
    var table = new MappedTable(servers.dynamoDb(), test.directory(), change);
    test = new Test(test.directory(), table, test.checkpoints());
    return table;
  }

  CheckpointStore checkpoints() {
    return test.checkpoints();
  }

  EventSourceMapping.Builder mapping(EventSourceMappingSettings settings) {
    return table().mapping(settings).checkpoints(checkpoints());
  }

  EventSourceMapping start(EventSourceMappingSettings settings) {
    return start(mapping(settings));
  }

  EventSourceMapping start(EventSourceMapping.Builder builder) {
    var mapping = builder.build();
    mapping.start();
    return mapping;
  }

  List<Message> receive(String queue) {
    return sqs()
        .client()
        .receiveMessage(
            request -> request.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(1))
        .messages();
  }
}
