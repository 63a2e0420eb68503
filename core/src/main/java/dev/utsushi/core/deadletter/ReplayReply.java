package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replay did, and how far it came.
 *
 * @param messages in the order in which they were received
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReplayReply(
    boolean dryRun,
    @JsonProperty(required = true) Stopped stopped,
    @JsonProperty(required = true) List<Message> messages) {

  /** Why a replay stopped. */
  public enum Stopped {
    /** There are no more messages, or none that are old enough. */
    EMPTY,
    /** It has processed the requested number of messages. */
    MAX,
    /** The invocation has nearly reached its deadline: invoke again. */
    DEADLINE,
    /** A longer reply would exceed Lambda's limit: invoke again. */
    REPLY_FULL
  }

  /** What became of a message. */
  public enum Fate {
    /** All its records are processed, and it is deleted. */
    DELETED,
    /** It is in the queue, unchanged. */
    KEPT
  }

  /**
   * What became of a message and its duplicates.
   *
   * @param messageId of the first of them
   * @param note why it was kept and what to do; null if it was deleted
   * @param origin where its batch was; null for a foreign or malformed message
   * @param receives how often it has been received, by anyone
   * @param copies how many messages there are; 1 if it has no duplicates
   * @param records those that are not processed first
   * @param unlisted how many more records there are, by outcome: those for which the reply has no
   *     room, and those that the mapping filters out
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Message(
      String messageId,
      DeadLetter.Form form,
      Fate fate,
      @Nullable String note,
      @JsonUnwrapped @Nullable Origin origin,
      int receives,
      int copies,
      List<Replayed> records,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> unlisted) {

    public Message {
      origin = origin == null || origin.streamArn() == null ? null : origin;
      unlisted = Objects.requireNonNullElse(unlisted, Map.of());
    }

    /** Returns how many of its records had this outcome. */
    public int count(Outcome.Kind outcome) {
      long listed = records.stream().filter(each -> each.outcome() == outcome).count();
      return (int) listed + unlisted.getOrDefault(name(outcome), 0);
    }
  }

  /** Where a batch was, and how it failed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Origin(
      @Nullable String streamArn,
      @Nullable String shardId,
      @Nullable String startSequenceNumber,
      @Nullable String endSequenceNumber,
      @Nullable String condition,
      @Nullable Integer invocations,
      @Nullable Instant failedAt) {

    /** Returns the origin that Lambda's message names. */
    public static Origin of(DeadLetter.Failure failure) {
      StreamRange range = failure.range();
      return new Origin(
          range.streamArn(),
          range.shardId(),
          range.startSequenceNumber(),
          range.endSequenceNumber(),
          failure.condition(),
          failure.invocations(),
          failure.failedAt());
    }
  }

  /**
   * What became of a record; in a dry run, what would.
   *
   * @param id of its document; null if the record could not be read or has expired, as are the
   *     others
   * @param version that its document would have
   * @param eventName {@code INSERT}, {@code MODIFY} or {@code REMOVE}
   * @param changedAt when the table was written, in whole seconds
   * @param reason why it is not processed; null if it is. Holds no item content
   * @param standing in a dry run, what the index holds now; null if nothing, or if {@code unread}
   * @param unread whether a dry run could not read the index
   * @param indexes the same for each index that the record writes to, if the table has several
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Replayed(
      @Nullable String id,
      @Nullable String sequenceNumber,
      @Nullable String version,
      @Nullable String eventName,
      @Nullable Instant changedAt,
      Outcome.Kind outcome,
      @Nullable String reason,
      @Nullable IndexedVersion standing,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean unread,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<InIndex> indexes) {

    public Replayed {
      indexes = Objects.requireNonNullElse(indexes, List.of());
    }

    /** Returns the record of a range that the stream no longer holds. */
    public static Replayed expired(String reason) {
      return new Replayed(
          null, null, null, null, null, Outcome.Kind.EXPIRED, reason, null, false, List.of());
    }

    /** Returns how many bytes it takes in a reply. */
    public int bytes() {
      return DeadLetterJson.write(this).getBytes(UTF_8).length;
    }
  }

  /**
   * What became of a record in one of several indexes; in a dry run, what would.
   *
   * @param index the readers' alias
   * @param removes whether it writes a tombstone, since the index does not show the item
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record InIndex(
      String index,
      boolean removes,
      Outcome.Kind outcome,
      @Nullable String reason,
      @Nullable IndexedVersion standing,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean unread) {}

  /**
   * A replay in numbers. Duplicates of a message count once.
   *
   * @param outcomes the number of records for each outcome
   */
  public record Totals(
      int messages,
      int deleted,
      int kept,
      int records,
      @JsonAnyGetter Map<String, Integer> outcomes) {

    /** Counts these messages. */
    public static Totals of(List<Message> messages) {
      Map<String, Integer> outcomes = new LinkedHashMap<>();
      for (Outcome.Kind kind : Outcome.Kind.values()) {
        outcomes.put(name(kind), messages.stream().mapToInt(each -> each.count(kind)).sum());
      }
      int deleted = (int) messages.stream().filter(each -> each.fate() == Fate.DELETED).count();
      int records = outcomes.values().stream().mapToInt(Integer::intValue).sum();
      return new Totals(messages.size(), deleted, messages.size() - deleted, records, outcomes);
    }

    /** Returns how many records had this outcome. */
    public int count(Outcome.Kind outcome) {
      return outcomes.getOrDefault(name(outcome), 0);
    }
  }

  /** Returns the name that counts of this outcome have in JSON. */
  public static String name(Outcome.Kind outcome) {
    return outcome == Outcome.Kind.EXPIRY_KEPT
        ? "expiryKept"
        : outcome.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the totals; a reply carries them, but {@link #parse} counts again. */
  @JsonProperty
  public Totals totals() {
    return Totals.of(messages);
  }

  /**
   * Reads a reply.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static ReplayReply parse(String json) {
    return DeadLetterJson.readReply(json, ReplayReply.class);
  }

  /** Writes the reply as {@link #parse} reads it. */
  public String toJson() {
    return DeadLetterJson.write(this);
  }
}
