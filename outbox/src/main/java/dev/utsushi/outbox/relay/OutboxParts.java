package dev.utsushi.outbox.relay;

import dev.utsushi.core.telemetry.Log;
import dev.utsushi.outbox.broker.Broker;
import dev.utsushi.outbox.broker.KinesisBroker;
import dev.utsushi.outbox.broker.SqsBroker;
import dev.utsushi.outbox.table.EventTable;
import java.time.InstantSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The parts of a function of the outbox. */
record OutboxParts(OutboxSettings settings, EventTable table, Waves waves) {

  static OutboxParts of(OutboxSettings settings) {
    // The JDK keeps 5 idle connections of a host; here more requests run at the same time.
    System.setProperty("http.maxConnections", "16");
    var http = UrlConnectionHttpClient.builder();
    var clock = InstantSource.system();
    var dynamoDb = DynamoDbClient.builder().httpClientBuilder(http).build();
    var table = new EventTable(dynamoDb, settings.table(), settings.history(), clock);
    return new OutboxParts(
        settings, table, new Waves(table, broker(settings), new Log(System.out, clock)));
  }

  private static Broker broker(OutboxSettings settings) {
    var http = UrlConnectionHttpClient.builder();
    return settings.target().startsWith("http")
        ? new SqsBroker(SqsClient.builder().httpClientBuilder(http).build(), settings.target())
        : new KinesisBroker(
            KinesisClient.builder().httpClientBuilder(http).build(), settings.target());
  }

  Poller poller() {
    return new Poller(table, waves, settings.patience(), settings.rules(), System::nanoTime);
  }
}
