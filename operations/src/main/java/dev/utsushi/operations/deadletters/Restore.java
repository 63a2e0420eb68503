package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Sends what a {@link Purge} exported to the queue again. It reads the whole file before it sends
 * the first message. A message that is sent twice does no harm: a replay is idempotent.
 */
public record Restore(OperatedQueue queue) {

  /** The JSON of {@code dlq restore}. */
  public record Result(@JsonUnwrapped DeployedStream stream, Instant at, long restored) {}

  /** What to do with the body of a message. */
  @FunctionalInterface
  private interface Visitor {
    void visit(String body, long number);
  }

  /**
   * Restores the messages of a file.
   *
   * @throws OperationException if the file can't be read or is not such a file, or if SQS refuses a
   *     message
   */
  public Result run(Path file) {
    long all = visit(file, (_, _) -> {});
    visit(
        file,
        (body, number) -> {
          queue.progress().status("sending %,d of %,d messages".formatted(number, all));
          try {
            queue.send(body);
          } catch (OperationException e) {
            throw OperationException.failed(
                "%s. %,d of %,d messages were sent; run it again, since a duplicate does no harm"
                    .formatted(e.getMessage(), number - 1, all),
                e);
          }
        });
    return new Result(queue.stream(), Instant.now(), all);
  }

  /** Returns how many messages the file holds. */
  private static long visit(Path file, Visitor visitor) {
    long number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        visitor.visit(body(line, file, number), number);
      }
      return number;
    } catch (IOException e) {
      throw OperationException.usage("can't read %s: %s".formatted(file, e), e);
    }
  }

  private static String body(String line, Path file, long number) {
    try {
      JsonNode body = DeadLetterJson.parse(line).path("body");
      if (body.isTextual()) {
        return body.textValue();
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw OperationException.usage(
        "line %,d of %s is not a message that utsushi dlq purge exported; nothing was sent"
            .formatted(number, file));
  }
}
