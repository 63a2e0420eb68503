package dev.utsushi.cli.chaos;

import dev.utsushi.cli.chaos.Delivery.Delivered;
import dev.utsushi.cli.chaos.Delivery.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Replays Lambda's own messages: for each, the records of its range of the stream go to the
 * function again, and the message is deleted when all of them are settled.
 */
final class RangeReplay implements DeadLetterReplay {
  private static final int TRIES = 3;
  private static final int MOST_MESSAGES = 10;
  private static final int BATCH = 25;

  private final SqsClient sqs;
  private final String queueUrl;
  private final StreamTruth truth;
  private final Accounts accounts;
  private final Deliveries deliveries;

  RangeReplay(
      SqsClient sqs, String queueUrl, StreamTruth truth, Accounts accounts, Deliveries deliveries) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.truth = truth;
    this.accounts = accounts;
    this.deliveries = deliveries;
  }

  @Override
  public List<Remaining> replay() throws InterruptedException {
    Map<String, Delivered> known = new HashMap<>();
    accounts.delivered().forEach(each -> known.put(each.version(), each));
    List<Change> changes = truth.changes();
    List<Remaining> remaining = new ArrayList<>();
    for (Message message : messages()) {
      ParkedRange range = ParkedRange.of(message.body());
      List<Delivered> records =
          changes.stream()
              .filter(range::holds)
              .flatMap(change -> java.util.stream.Stream.ofNullable(known.get(change.version())))
              .toList();
      Set<String> unsettled = unsettled(records);
      if (unsettled.isEmpty()) {
        sqs.deleteMessage(
            delete -> delete.queueUrl(queueUrl).receiptHandle(message.receiptHandle()));
      } else {
        remaining.add(new Remaining(range.identity(), unsettled));
      }
    }
    return remaining;
  }

  private List<Message> messages() {
    List<Message> all = new ArrayList<>();
    while (true) {
      List<Message> some =
          sqs.receiveMessage(
                  receive -> receive.queueUrl(queueUrl).maxNumberOfMessages(MOST_MESSAGES))
              .messages();
      if (some.isEmpty()) {
        return all;
      }
      all.addAll(some);
    }
  }

  /** One that fails does not keep those after it: they go on without it. */
  private Set<String> unsettled(List<Delivered> records) throws InterruptedException {
    Set<String> unsettled = new HashSet<>();
    int tries = 0;
    for (int from = 0; from < records.size(); ) {
      List<Delivered> batch = records.subList(from, Math.min(records.size(), from + BATCH));
      int settled = deliveries.deliver(Redelivery.event(batch), Source.REPLAY).acknowledged();
      from += settled;
      tries = settled > 0 ? 0 : tries + 1;
      if (settled < batch.size() && tries == TRIES) {
        unsettled.add(records.get(from++).version());
        tries = 0;
      }
    }
    return unsettled;
  }
}
