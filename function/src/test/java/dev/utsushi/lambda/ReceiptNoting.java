package dev.utsushi.lambda;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** Keeps the receipt handles, so that a test need not wait for the visibility timeout. */
final class ReceiptNoting {
  private ReceiptNoting() {}

  static SqsClient of(SqsClient client, List<String> receipts) {
    return (SqsClient)
        Proxy.newProxyInstance(
            SqsClient.class.getClassLoader(),
            new Class<?>[] {SqsClient.class},
            (_, method, arguments) -> {
              try {
                Object result = method.invoke(client, arguments);
                if (result instanceof ReceiveMessageResponse response) {
                  response.messages().stream().map(Message::receiptHandle).forEach(receipts::add);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
