package dev.utsushi.lambda;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** A queue, without the handlers that use it. */
final class LocalQueue {
  final String url;

  LocalQueue(String name) {
    url = SharedServers.sqs().client().createQueue(request -> request.queueName(name)).queueUrl();
  }

  void send(String... bodies) {
    for (String body : bodies) {
      SharedServers.sqs().client().sendMessage(request -> request.queueUrl(url).messageBody(body));
    }
  }

  /** Returns the bodies of the visible messages, up to ten. */
  List<String> bodies() {
    return SharedServers.sqs()
        .client()
        .receiveMessage(
            request -> request.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(0))
        .messages()
        .stream()
        .map(Message::body)
        .toList();
  }

  /** Counts the messages: those that are visible, those in flight. */
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

  /** Makes the messages of a killed replay visible, as their visibility timeout would. */
  void makeVisible(List<String> receiptHandles) {
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
