package dev.utsushi.core.index;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the index takes changes.
 *
 * @param cause why it does not, or why what was asked was not done; null if there is no reason
 * @param documents how many readers find; null if the engine did not say
 * @param tombstones how many more there are; null if the engine did not say
 * @param newest the change that was indexed last; null if the engine did not say
 * @param rebuild null if the index is not rebuilt
 */
public record IndexStatus(
    @JsonProperty(required = true) State state,
    @Nullable String cause,
    @Nullable Long documents,
    @Nullable Long tombstones,
    @Nullable Newest newest,
    @Nullable Rebuild rebuild) {

  /**
   * The change that was indexed last: how far behind the index was then.
   *
   * @param changedAt when the table was written, in whole seconds
   */
  public record Newest(Instant changedAt, Instant indexedAt) {}

  /**
   * A rebuild: every change is written to both indexes.
   *
   * @param from the index that was there before
   * @param to the index that the rebuild created
   * @param id distinguishes this rebuild from an earlier one with the same index names
   * @param cutOver whether readers search the new index
   * @param paused the index that is not refreshed, for a moment or because a change of readers was
   *     cut off; null if there is none
   */
  public record Rebuild(
      String from, String to, String id, boolean cutOver, @Nullable String paused) {

    /** Returns the index that readers search. */
    public String serving() {
      return cutOver ? to : from;
    }

    /** Returns the index that readers do not search. */
    public String other() {
      return cutOver ? from : to;
    }
  }

  /** The states of an index. */
  public enum State {
    /** The engine takes changes. */
    WRITABLE,
    /** No change was written yet; the first one creates the index. */
    NOT_CREATED,
    /** It was there, and somebody deleted it. */
    DELETED,
    /** The engine answers, and refuses changes. */
    NOT_WRITABLE,
    /** Nobody could ask the engine. */
    UNREACHABLE
  }

  /** Returns the status of an index that takes no changes for this cause. */
  public static IndexStatus of(State state, String cause) {
    return new IndexStatus(state, cause, null, null, null, null);
  }

  /** Returns this status with why an operation was refused. */
  IndexStatus refused(String why) {
    return new IndexStatus(state, why, documents, tombstones, newest, rebuild);
  }

  /** Returns whether changes reach the index. */
  public boolean takesChanges() {
    return state == State.WRITABLE || state == State.NOT_CREATED;
  }
}
