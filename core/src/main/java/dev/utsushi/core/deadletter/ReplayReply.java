package dev.utsushi.core.deadletter;

import dev.utsushi.core.json.JsonText;
import dev.utsushi.core.json.RawJson;
import java.util.List;

/**
 * What a replay did, and how far it came.
 *
 * @param messages those that were looked at, in the order of their receipt
 */
public record ReplayReply(boolean dryRun, Stopped stopped, List<ReplayedMessage> messages) {

  /** Why it stopped. */
  public enum Stopped {
    /** There are no more messages, or none that are old enough. */
    EMPTY,
    /** As many were looked at as asked. */
    MAX,
    /** The invocation's time is nearly up: ask again. */
    DEADLINE,
    /** Lambda lets no reply be longer: ask again. */
    REPLY_FULL
  }

  /** The reply in numbers. */
  public ReplayTotals totals() {
    return ReplayTotals.of(messages);
  }

  /**
   * Reads a reply. Its totals are not read but counted.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  public static ReplayReply parse(String json) {
    return ReplyJson.read(RawJson.parse(json));
  }

  /** The reply as {@link #parse} reads it. */
  public String toJson() {
    return JsonText.of(json -> ReplyJson.write(json, this));
  }
}
