package dev.utsushi.outbox.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.outbox.LocalOutbox;
import dev.utsushi.outbox.Outbox;
import dev.utsushi.outbox.broker.Broker;
import dev.utsushi.outbox.broker.BrokerAnswer;
import dev.utsushi.outbox.broker.CloudEvents;
import dev.utsushi.outbox.broker.SqsBroker;
import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.event.OutboxEvent;
import dev.utsushi.outbox.protocol.EventRow;
import dev.utsushi.outbox.protocol.EventState.Discarded;
import dev.utsushi.outbox.protocol.EventState.Leased;
import dev.utsushi.outbox.protocol.EventState.Marked;
import dev.utsushi.outbox.protocol.EventState.OnParked;
import dev.utsushi.outbox.protocol.EventState.Parked;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import dev.utsushi.outbox.protocol.EventState.Written;
import dev.utsushi.outbox.protocol.PollerRun;
import dev.utsushi.outbox.table.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The relay and the poller on DynamoDB and SQS, with the clock of the poller in the test's hands.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayAndPollerIT {
  private static final Patience PATIENCE =
      new Patience(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(2));

  private final AtomicLong now = new AtomicLong(1);
  private LocalSqs sqs;
  private LocalOutbox local;
  private String queueUrl;
  private int queues;
  private boolean away;
  private Waves waves;
  private Poller poller;

  @BeforeAll
  void start() {
    sqs = LocalSqs.start();
  }

  @AfterAll
  void stop() {
    sqs.close();
  }

  @BeforeEach
  void newTableAndQueue() {
    local = new LocalOutbox();
    String name = "events-" + queues++ + ".fifo";
    queueUrl =
        sqs.client()
            .createQueue(
                create ->
                    create
                        .queueName(name)
                        .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
            .queueUrl();
    var real = new SqsBroker(sqs.client(), queueUrl);
    Broker broker = events -> answers(real, events);
    waves = new Waves(local.table(), broker, LocalOutbox.NO_LOG);
    poller = poller(OnParked.KEY_WAITS);
  }

  /** No envelope of ours is one that SQS refuses, so this stands in for a broker that does. */
  private List<BrokerAnswer> answers(Broker real, List<OutboxEvent> events) {
    return events.stream()
        .map(
            event -> {
              if (away) {
                return new BrokerAnswer.Unavailable("away");
              }
              return event.topic().equals("poison")
                  ? new BrokerAnswer.Refused("poison")
                  : real.publish(List.of(event)).getFirst();
            })
        .toList();
  }

  @AfterEach
  void close() {
    waves.close();
    local.close();
  }

  private Poller poller(OnParked onParked) {
    return new Poller(local.table(), waves, PATIENCE, new PollerRun.Rules(2, onParked), now::get);
  }

  private void relay(EventKey... delivered) throws InterruptedException {
    new StreamRelay(waves, OnParked.KEY_WAITS).relay(List.of(delivered), () -> true);
  }

  private void lookAfter(Duration waited) throws InterruptedException {
    now.addAndGet(waited.toNanos());
    poller.look(() -> true);
  }

  private static EventKey at(String key, long sequence) {
    return new EventKey(key, sequence);
  }

  private void commitPoison(String key, long sequence) {
    local.commit(Outbox.event("poison").key(key).sequence(sequence).json("{}"));
  }

  /** Receives everything. */
  private List<String> received() {
    List<String> received = new ArrayList<>();
    while (true) {
      var messages =
          sqs.client()
              .receiveMessage(receive -> receive.queueUrl(queueUrl).maxNumberOfMessages(10))
              .messages();
      if (messages.isEmpty()) {
        return received;
      }
      for (var message : messages) {
        OutboxEvent event = CloudEvents.read(message.body().getBytes(UTF_8));
        received.add(event.place().toString());
        sqs.client()
            .deleteMessage(
                delete -> delete.queueUrl(queueUrl).receiptHandle(message.receiptHandle()));
      }
    }
  }

  private EventRow row(String key, long sequence) {
    return local.event(key, sequence).row();
  }

  @Test
  void theStreamRelayPublishesInOrderAndClaimsNothing() throws InterruptedException {
    local.commit("a", 1, 3);
    local.commit("b", 1, 1);
    relay(at("a", 1), at("b", 1), at("a", 2), at("a", 3));
    assertThat(received()).containsSubsequence("a#1", "a#2", "a#3").contains("b#1").hasSize(4);
    assertThat(row("a", 3)).isEqualTo(new EventRow(3, 1, new Marked()));
    assertThat(local.table().look()).isEmpty();
  }

  @Test
  void theStreamRelayDoesNotPublishAgainWhatIsMarked() throws InterruptedException {
    local.commit("a", 1, 2);
    relay(at("a", 1), at("a", 2));
    relay(at("a", 1));
    relay(at("a", 1), at("a", 2));
    assertThat(waves.count().published()).isEqualTo(2);
  }

  @Test
  void theStreamRelayGoesPastNoUnpublishedEvent() throws InterruptedException {
    local.commit("a", 1, 3);
    relay(at("a", 2));
    relay(at("a", 3));
    assertThat(received()).isEmpty();
    relay(at("a", 1), at("a", 2));
    assertThat(received()).containsExactly("a#1", "a#2");
  }

  /** A known mistake: an early return at one bad event drops the rest of the batch. */
  @Test
  void anEventThatIsRefusedDropsNothingOfItsBatch() throws InterruptedException {
    commitPoison("a", 1);
    local.commit("a", 2, 2);
    local.commit("b", 1, 2);
    local.commit("c", 1, 1);
    relay(at("a", 1), at("b", 1), at("a", 2), at("b", 2), at("c", 1), at("gone", 1));
    assertThat(received()).containsExactlyInAnyOrder("b#1", "b#2", "c#1");
  }

  /** A known mistake: a lock per transaction, whose events come in several batches. */
  @Test
  void eventsOfOneTransactionMayComeInSeveralBatches() throws InterruptedException {
    local.commit(
        Outbox.event("coins").key("a").sequence(1).json("{}"),
        Outbox.event("coins").key("a").sequence(2).json("{}"),
        Outbox.event("coins").key("b").sequence(1).json("{}"));
    relay(at("a", 1));
    relay(at("b", 1));
    relay(at("a", 2));
    assertThat(received()).containsExactlyInAnyOrder("a#1", "b#1", "a#2");
  }

  @Test
  void thePollerLeavesNewEventsToTheStreamRelayForTheGraceTime() throws InterruptedException {
    local.commit("a", 1, 2);
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(9));
    assertThat(received()).isEmpty();
    lookAfter(Duration.ofSeconds(1));
    assertThat(received()).containsExactly("a#1", "a#2");
    assertThat(local.table().look()).isEmpty();
  }

  /** A known mistake: the writer's clock is compared with the poller's. */
  @Test
  void theWritersClockDoesNotMatter() throws InterruptedException {
    for (int hours : new int[] {-1, 0, 1}) {
      Instant skewed = Instant.now().plus(Duration.ofHours(hours));
      var outbox = Outbox.of(LocalOutbox.TABLE, () -> skewed, new Random(hours));
      var draft = Outbox.event("coins").key("k" + hours).sequence(1).json("{}");
      local
          .dynamoDb()
          .client()
          .transactWriteItems(outbox.add(TransactWriteItemsRequest.builder().build(), draft));
    }
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(9));
    assertThat(received()).isEmpty();
    lookAfter(Duration.ofSeconds(1));
    assertThat(received()).containsExactlyInAnyOrder("k-1#1", "k0#1", "k1#1");
  }

  /** A known mistake: a lock that is never released after a crash. */
  @Test
  void aClaimOfADeadPollerIsTakenOver() throws InterruptedException {
    local.commit("a", 1, 2);
    StoredEvent read = local.event("a", 1);
    assertThat(local.table().write(read, read.row().state().claimed())).isPresent();
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(29));
    assertThat(received()).isEmpty();
    lookAfter(Duration.ofSeconds(1));
    assertThat(received()).containsExactly("a#1", "a#2");
  }

  @Test
  void aClaimOfAPollerAtWorkIsLeftAlone() throws InterruptedException {
    local.commit("a", 1, 1);
    lookAfter(Duration.ZERO);
    now.addAndGet(Duration.ofSeconds(25).toNanos());
    StoredEvent read = local.event("a", 1);
    var claimed = local.table().write(read, new Leased(1, 0)).orElseThrow();
    lookAfter(Duration.ofSeconds(25));
    assertThat(local.table().write(claimed, new Leased(2, 0))).isPresent();
    lookAfter(Duration.ofSeconds(25));
    assertThat(received()).isEmpty();
  }

  @Test
  void aBrokerThatIsAwayIsTriedLessAndLessOften() throws InterruptedException {
    local.commit("a", 1, 2);
    away = true;
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(10));
    assertThat(row("a", 1).state()).isEqualTo(new Written(1, 0));
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(5));
    assertThat(row("a", 1).state()).isEqualTo(new Written(2, 0));
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(5));
    assertThat(waves.count().unavailable()).isEqualTo(2);
    away = false;
    lookAfter(Duration.ofSeconds(5));
    assertThat(received()).containsExactly("a#1", "a#2");
  }

  @Test
  void poisonIsParkedAndItsKeyWaitsForAnOperator() throws InterruptedException {
    commitPoison("a", 1);
    local.commit("a", 2, 40);
    local.commit("b", 1, 3);
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(10));
    assertThat(received()).containsExactly("b#1", "b#2", "b#3");
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(5));
    assertThat(row("a", 1).state()).isEqualTo(new Parked(2));
    assertThat(row("a", 2).state()).isEqualTo(new Waiting());
    assertThat(local.table().look()).as("nothing is in the way of other keys").isEmpty();
    assertThat(local.table().parked()).hasSize(1);
    assertThat(local.table().allWaiting()).hasSize(39);
    assertThat(local.table().discard(local.event("a", 1))).isTrue();
    lookAfter(Duration.ZERO);
    assertThat(received()).hasSize(39).startsWith("a#2", "a#3").endsWith("a#40");
    assertThat(row("a", 1).state()).isEqualTo(new Discarded());
  }

  @Test
  void poisonIsParkedAndItsKeyGoesOn() throws InterruptedException {
    poller = poller(OnParked.KEY_GOES_ON);
    commitPoison("a", 1);
    local.commit("a", 2, 3);
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(10));
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(5));
    assertThat(row("a", 1).state()).isEqualTo(new Parked(2));
    assertThat(received()).containsExactly("a#2", "a#3");
  }

  @Test
  void aParkedEventThatIsRetriedIsPublishedBeforeThoseThatWait() throws InterruptedException {
    local.commit("a", 1, 3);
    assertThat(local.table().write(local.event("a", 1), new Parked(5))).isPresent();
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(10));
    assertThat(row("a", 2).state()).isEqualTo(new Waiting());
    assertThat(local.table().write(local.event("a", 1), Written.NEW)).isPresent();
    lookAfter(Duration.ZERO);
    assertThat(received()).isEmpty();
    lookAfter(Duration.ofSeconds(10));
    assertThat(received()).containsExactly("a#1", "a#2", "a#3");
  }

  @Test
  void keysWithManyEventsLeaveOthersTheirTurn() throws InterruptedException {
    local.commit("hot", 1, 120);
    local.commit("cold", 1, 1);
    lookAfter(Duration.ZERO);
    lookAfter(Duration.ofSeconds(10));
    assertThat(received()).contains("cold#1").hasSizeLessThan(121);
    assertThat(local.table().look()).as("nothing is leased").allMatch(e -> e.revision() == 1);
    lookAfter(Duration.ZERO);
    assertThat(local.table().look()).isEmpty();
  }
}
