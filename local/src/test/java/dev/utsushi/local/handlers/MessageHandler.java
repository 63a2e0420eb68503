package dev.utsushi.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends a line for each message to the file that {@code RECORDING} names: the invocation's
 * request id, the message's receive count, its body. A body that starts with {@code report}, {@code
 * throw} or {@code lie} makes it fail that way, until the file named by {@code HEALED} exists.
 */
public final class MessageHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private final Path recording = Path.of(System.getenv("RECORDING"));
  private final Path healed = Path.of(System.getenv("HEALED"));

  /** Public and without arguments, as the runtime requires. */
  public MessageHandler() {}

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    List<BatchItemFailure> failures = new ArrayList<>();
    for (SQSMessage message : event.getRecords()) {
      record(
          "%s %s %s"
              .formatted(
                  context.getAwsRequestId(),
                  message.getAttributes().get("ApproximateReceiveCount"),
                  message.getBody()));
      if (!Files.exists(healed)) {
        fail(message, failures);
      }
    }
    return new SQSBatchResponse(failures);
  }

  private static void fail(SQSMessage message, List<BatchItemFailure> failures) {
    if (message.getBody().startsWith("throw")) {
      throw new IllegalStateException("told to");
    } else if (message.getBody().startsWith("report")) {
      failures.add(new BatchItemFailure(message.getMessageId()));
    } else if (message.getBody().startsWith("lie")) {
      failures.add(new BatchItemFailure("nobody"));
    }
  }

  private void record(String line) {
    try {
      Files.writeString(
          recording, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("No line in the recording", e);
    }
  }
}
