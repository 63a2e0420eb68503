package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.QueuedMessage;
import dev.utsushi.core.record.StreamRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of the dead-letter queue, opened.
 *
 * @param copies the messages that say the same, of one receipt
 * @param letter what they say
 * @param records what can be written of them
 * @param chars how much JSON they were
 * @param hole what is missing for good; null if nothing is
 * @param problem why it can't be settled now, and what to do; null if nothing is in the way
 */
record Letter(
    List<QueuedMessage> copies,
    DeadLetter letter,
    List<StreamRecord> records,
    long chars,
    @Nullable String hole,
    @Nullable String problem) {

  /** Whether nothing but the index decides what becomes of it. */
  boolean isWhole() {
    return hole == null && problem == null && !records.isEmpty();
  }
}
