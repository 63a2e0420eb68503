package dev.utsushi.outbox.table;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.protocol.EventState;
import java.time.Instant;

/**
 * An entry of the index. It may be a moment old: the table decides.
 *
 * @param state without the number of refusals
 * @param createdAt by the writer's clock
 */
public record OpenEvent(EventKey place, long revision, EventState state, Instant createdAt) {}
