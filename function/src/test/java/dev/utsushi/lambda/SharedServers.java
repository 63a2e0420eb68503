package dev.utsushi.lambda;

import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.queue.LocalSqs;
import java.util.concurrent.CompletableFuture;

/** One of each for all tests of this JVM, started side by side; they go with it. */
final class SharedServers {
  private SharedServers() {}

  private static final class Started {
    static final LocalDynamoDb DYNAMO_DB;
    static final LocalSqs SQS;

    static {
      var sqs = CompletableFuture.supplyAsync(LocalSqs::start);
      DYNAMO_DB = LocalDynamoDb.start();
      SQS = sqs.join();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    DYNAMO_DB.close();
                    SQS.close();
                  }));
    }
  }

  static LocalDynamoDb dynamoDb() {
    return Started.DYNAMO_DB;
  }

  static LocalSqs sqs() {
    return Started.SQS;
  }
}
