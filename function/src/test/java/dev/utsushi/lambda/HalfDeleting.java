package dev.utsushi.lambda;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;

/** An SQS client whose first batch of deletes fails for its first entry. */
final class HalfDeleting {
  private final SqsClient sqs;
  private boolean failed;

  HalfDeleting(SqsClient sqs) {
    this.sqs = sqs;
  }

  SqsClient client() {
    return (SqsClient)
        Proxy.newProxyInstance(
            SqsClient.class.getClassLoader(),
            new Class<?>[] {SqsClient.class},
            (_, method, arguments) -> {
              if (method.getName().equals("deleteMessageBatch") && !failed) {
                failed = true;
                return deleteAllButTheFirst(arguments[0]);
              }
              try {
                return method.invoke(sqs, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @SuppressWarnings("unchecked")
  private DeleteMessageBatchResponse deleteAllButTheFirst(Object argument) {
    DeleteMessageBatchRequest.Builder builder = DeleteMessageBatchRequest.builder();
    if (argument instanceof DeleteMessageBatchRequest request) {
      builder = request.toBuilder();
    } else {
      ((java.util.function.Consumer<DeleteMessageBatchRequest.Builder>) argument).accept(builder);
    }
    DeleteMessageBatchRequest whole = builder.build();
    String first = whole.entries().getFirst().id();
    if (whole.entries().size() > 1) {
      sqs.deleteMessageBatch(
          whole.toBuilder().entries(whole.entries().subList(1, whole.entries().size())).build());
    }
    return DeleteMessageBatchResponse.builder()
        .failed(BatchResultErrorEntry.builder().id(first).code("ReceiptHandleIsInvalid").build())
        .build();
  }
}
