package dev.utsushi.local.mapping;

import dev.utsushi.local.TemporaryDirectory;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.stream.CheckpointStore;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Servers and a function for a class of tests; a table and checkpoints for each test. Tests share
 * the function's JVMs. All waits of a mapping take a fifth of their time; their lengths are tested
 * with the mapping's parts.
 */
final class MappedPipeline
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

  static final EventSourceMappingSettings ONE_BY_ONE =
      EventSourceMappingSettings.defaults()
          .withBatchSize(1)
          .withMaximumRetryAttempts(3)
          .withReportBatchItemFailures(true);

  private static final int HASTE = 5;

  /** What the tests of a class share. */
  private record Shared(
      LocalDynamoDb dynamoDb, LocalSqs sqs, TemporaryDirectory directory, LambdaFunction function) {

    private LambdaConfiguration configuration() {
      return function.configuration();
    }
  }

  private record Test(MappedTable table, CheckpointStore checkpoints) {}

  private Shared shared;
  private Test test;

  @SuppressWarnings("NullAway.Init") // JUnit runs the callbacks before any test.
  MappedPipeline() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    var directory = TemporaryDirectory.create("mapping-it-");
    var function = new LambdaFunction(MappedTable.function(directory.path()));
    shared = new Shared(LocalDynamoDb.start(), LocalSqs.start(), directory, function);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    shared.function().close();
    shared.dynamoDb().close();
    shared.sqs().close();
    shared.directory().close();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    test = new Test(table(shared.function()), new CheckpointStore());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    test.table().close();
    if (test.table().function() != shared.function()) {
      test.table().function().close();
    }
  }

  private MappedTable table(LambdaFunction function) {
    return new MappedTable(shared.dynamoDb(), shared.directory().path(), function);
  }

  LocalDynamoDb dynamoDb() {
    return shared.dynamoDb();
  }

  LocalSqs sqs() {
    return shared.sqs();
  }

  MappedTable table() {
    return test.table();
  }

  /** Replaces the table by one with its own function. */
  MappedTable tableWith(UnaryOperator<LambdaConfiguration> change) throws IOException {
    test.table().close();
    var table = table(new LambdaFunction(change.apply(shared.configuration())));
    test = new Test(table, test.checkpoints());
    return table;
  }

  CheckpointStore checkpoints() {
    return test.checkpoints();
  }

  MappingContext mapping(EventSourceMappingSettings settings) {
    return table()
        .mapping(settings)
        .withCheckpoints(checkpoints())
        .withSleeper(wait -> Thread.sleep(wait.dividedBy(HASTE)));
  }

  EventSourceMapping start(EventSourceMappingSettings settings) {
    return start(mapping(settings));
  }

  EventSourceMapping start(MappingContext context) {
    var mapping = new EventSourceMapping(dynamoDb().streams(), context);
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
