package dev.utsushi.cli.chaos;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * The queue as the mapping sees it: sometimes it takes no message, or takes it and does not say so.
 */
final class FlakyQueue implements SqsClient {
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger losses = new AtomicInteger();
  private final SqsClient sqs;
  private final Accounts accounts;
  private final FaultCounts faults;

  FlakyQueue(SqsClient sqs, Accounts accounts, FaultCounts faults) {
    this.sqs = sqs;
    this.accounts = accounts;
    this.faults = faults;
  }

  /** The next messages are not taken. */
  void refuse(int messages) {
    refusals.set(messages);
  }

  /** The next messages are taken, and whoever sent them thinks they are not. */
  void loseAnswers(int messages) {
    losses.set(messages);
  }

  @Override
  public SendMessageResponse sendMessage(SendMessageRequest request) {
    if (takeOne(refusals)) {
      faults.happened(FaultKind.QUEUE_DOWN, "");
      throw SdkClientException.create("The queue is not there, on command");
    }
    SendMessageResponse response = sqs.sendMessage(request);
    accounts.parked(ParkedRange.of(request.messageBody()));
    if (takeOne(losses)) {
      faults.happened(FaultKind.QUEUE_ANSWER_LOST, "");
      throw SdkClientException.create("The queue's answer is lost, on command");
    }
    return response;
  }

  private static boolean takeOne(AtomicInteger left) {
    return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }

  @Override
  public String serviceName() {
    return sqs.serviceName();
  }

  /** The queue's own client is not this one's to close. */
  @Override
  public void close() {}
}
