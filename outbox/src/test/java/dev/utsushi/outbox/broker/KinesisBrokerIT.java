package dev.utsushi.outbox.broker;

import dev.utsushi.local.LocalClients;
import dev.utsushi.local.kinesis.LocalKinesis;
import dev.utsushi.outbox.event.OutboxEvent;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

class KinesisBrokerIT extends BrokerContract {
  private LocalKinesis kinesis;
  private int streams;
  private String name = "";

  @BeforeAll
  void start() {
    kinesis = LocalKinesis.start();
  }

  @AfterAll
  void stop() {
    kinesis.close();
  }

  @Override
  int tooLarge() {
    return 12 * 1024 * 1024;
  }

  @Override
  URI endpoint() {
    return kinesis.endpoint();
  }

  @Override
  Broker broker(URI endpoint) {
    name = "events-" + streams++;
    kinesis.createStream(name, 2);
    return new KinesisBroker(LocalClients.build(KinesisClient.builder(), endpoint), name);
  }

  @Override
  List<OutboxEvent> receive(int events) {
    List<OutboxEvent> received = new ArrayList<>();
    for (var shard : kinesis.client().listShards(list -> list.streamName(name)).shards()) {
      String iterator =
          kinesis
              .client()
              .getShardIterator(
                  get ->
                      get.streamName(name)
                          .shardId(shard.shardId())
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      kinesis.client().getRecords(get -> get.shardIterator(iterator)).records().stream()
          .map(one -> CloudEvents.read(one.data().asByteArray()))
          .forEach(received::add);
    }
    return received;
  }
}
