package dev.utsushi.lambda;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** A queue, seen from beside the handlers that use it. */
final class LocalQueue {
  final String url;

  LocalQueue(String name) {
    url = SharedServers.sqs().client().createQueue(request -> request.queueName(name)).queueUrl();
  }

  void park(String... bodies) {
    for (String body : bodies) {
      SharedServers.sqs().client().sendMessage(request -> request.queueUrl(url).messageBody(body));
    }
  }

  /** The bodies of the messages that can be seen, up to ten. */
  List<String> parked() {
    return SharedServers.sqs()
        .client()
        .receiveMessage(
            request -> request.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(0))
        .messages()
        .stream()
        .map(Message::body)
        .toList();
  }

  /** How many messages there are: those that can be seen, those that are hidden. */
  List<Integer> counts() {
    Map<QueueAttributeName, String> attributes =
        SharedServers.sqs()
            .client()
            .getQueueAttributes(
                request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
            .attributes();
    return List.of(
        Integer.valueOf(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
        Integer.valueOf(
            attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)));
  }

  /** Shows all that a killed replay has hidden, as time would. */
  void hiddenComeBack(List<String> receiptHandles) {
    for (String handle : receiptHandles) {
      try {
        SharedServers.sqs()
            .client()
            .changeMessageVisibility(
                request -> request.queueUrl(url).receiptHandle(handle).visibilityTimeout(0));
      } catch (SqsException e) {
        // It was deleted before the replay was killed.
      }
    }
  }
}
