package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.operations.deadletters.DeadLetterListing.Cause;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.StreamStatus;
import java.util.List;

/**
 * A stream with the causes of its dead letters: the JSON of {@code utsushi status}.
 *
 * @param causes the most frequent first; none if there are no dead letters, or they can't be read
 */
public record ObservedStream(@JsonUnwrapped StreamStatus status, List<Cause> causes) {

  /** Some show what is wrong; to read a message hides it from a replay for a moment. */
  private static final int MOST_MESSAGES = 100;

  /** Looks at the stream, and reads messages only if there are some. */
  public static ObservedStream of(OperatedQueue queue) throws InterruptedException {
    StreamStatus status =
        StreamStatus.read(queue.clients(), queue.stream(), queue.progress()::status);
    return new ObservedStream(status, status.deadLetters() == 0 ? List.of() : causes(queue));
  }

  private static List<Cause> causes(OperatedQueue queue) {
    try {
      return new DeadLetterScan(queue).list(MOST_MESSAGES).causes();
    } catch (OperationException e) {
      queue.progress().warn("why changes are dead letters is not known: " + e.getMessage());
      return List.of();
    }
  }
}
