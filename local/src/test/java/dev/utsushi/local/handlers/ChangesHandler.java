package dev.utsushi.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Appends a line to the file that {@code RECORDING} names for each Kinesis record that it gets: its
 * event source and its data.
 */
public final class ChangesHandler implements RequestHandler<KinesisEvent, StreamsEventResponse> {

  private final Path recording = Path.of(System.getenv("RECORDING"));

  /** Public and without arguments, as the runtime requires. */
  public ChangesHandler() {}

  @Override
  public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
    for (var each : event.getRecords()) {
      String data = StandardCharsets.UTF_8.decode(each.getKinesis().getData()).toString();
      try {
        Files.writeString(
            recording,
            each.getEventSourceARN() + " " + data + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException("No line in the recording", e);
      }
    }
    return new StreamsEventResponse(List.of());
  }
}
