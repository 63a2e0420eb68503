package dev.utsushi.local.mapping;

import software.amazon.awssdk.services.sqs.SqsClient;

/** Where a message about records goes that the mapping gives up. */
sealed interface OnFailureDestination {

  record None() implements OnFailureDestination {}

  record Queue(SqsClient sqs, String queueUrl) implements OnFailureDestination {

    /**
     * @throws software.amazon.awssdk.core.exception.SdkException if the message is not in the queue
     */
    void send(String message) {
      sqs.sendMessage(request -> request.queueUrl(queueUrl).messageBody(message));
    }
  }
}
