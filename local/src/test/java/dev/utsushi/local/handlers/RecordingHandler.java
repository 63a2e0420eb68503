package dev.utsushi.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Appends a line to the file that {@code RECORDING} names for each record that it gets: sequence
 * number, item id, attribute {@code n}. An item attribute {@code do} makes it fail, until the file
 * named by {@code HEALED} exists.
 */
public final class RecordingHandler implements RequestHandler<DynamodbEvent, StreamsEventResponse> {

  private final Path recording = Path.of(System.getenv("RECORDING"));
  private final Path healed = Path.of(System.getenv("HEALED"));

  /** Public and without arguments, as the runtime requires. */
  public RecordingHandler() {}

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
    for (DynamodbStreamRecord each : event.getRecords()) {
      String sequenceNumber = each.getDynamodb().getSequenceNumber();
      String command = text(each, "do");
      record(sequenceNumber + " " + text(each, "id") + " " + text(each, "n"));
      if (!command.isEmpty() && !Files.exists(healed)) {
        return fail(command, sequenceNumber);
      }
    }
    return new StreamsEventResponse(List.of());
  }

  private static StreamsEventResponse fail(String command, String sequenceNumber) {
    return switch (command) {
      case "report" -> new StreamsEventResponse(List.of(new BatchItemFailure(sequenceNumber)));
      case "throw" -> throw new IllegalStateException("told to");
      case "hang" -> hang();
      case "exit" -> exit();
      case "fill" -> fill();
      default -> throw new IllegalArgumentException("do what?");
    };
  }

  private static StreamsEventResponse hang() {
    try {
      Thread.sleep(600_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new StreamsEventResponse(List.of());
  }

  private static StreamsEventResponse exit() {
    System.exit(3);
    return new StreamsEventResponse(List.of());
  }

  private static StreamsEventResponse fill() {
    List<byte[]> kept = new ArrayList<>();
    while (kept.size() < 1_000_000) {
      kept.add(new byte[10 << 20]);
    }
    return new StreamsEventResponse(List.of());
  }

  private void record(String line) {
    try {
      Files.writeString(
          recording, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("No line in the recording", e);
    }
  }

  private static String text(DynamodbStreamRecord record, String attribute) {
    Map<String, AttributeValue> image = record.getDynamodb().getNewImage();
    AttributeValue value = image == null ? null : image.get(attribute);
    if (value == null) {
      return "";
    }
    return value.getS() == null ? value.getN() : value.getS();
  }
}
