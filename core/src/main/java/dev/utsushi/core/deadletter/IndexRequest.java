package dev.utsushi.core.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.utsushi.core.index.IndexStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to do with the index: the payload of an invocation of the replay function, which can reach
 * the engine where an operator's machine can't. The reply is an {@link IndexStatus}. A function of
 * an older version rejects the payload and replays nothing.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IndexRequest(Operation index, @Nullable String target) {

  /** A request about the first of the stream's indexes. */
  public IndexRequest(Operation index) {
    this(index, null);
  }

  /** What to do. */
  public enum Operation {
    /** Say whether the index takes changes. */
    INSPECT,
    /** Create the index, if it was deleted. */
    CREATE,
    /** Create a second index, to which every change goes as well. */
    REBUILD,
    /** Let readers search the second index. */
    CUT_OVER,
    /** Let readers search the first index. */
    ROLL_BACK,
    /** Delete the index that readers do not search. */
    FINISH
  }

  /** Reads a request; empty if the payload is another one. */
  public static Optional<IndexRequest> parse(String json) {
    return DeadLetterJson.parse(json).has("index")
        ? Optional.of(DeadLetterJson.read(json, IndexRequest.class))
        : Optional.empty();
  }

  /** Writes the request as {@link #parse} reads it. */
  public String toJson() {
    return DeadLetterJson.write(this);
  }

  /**
   * Reads a reply.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static IndexStatus parseReply(String json) {
    return DeadLetterJson.readReply(json, IndexStatus.class);
  }
}
