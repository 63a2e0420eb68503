package dev.utsushi.loadtest.measurement;

import java.time.Duration;

/**
 * One invocation, as the event source mapping saw it.
 *
 * @param lane of the shard, from 0 on
 * @param startNanos from the start of the run
 * @param records in its batch
 * @param iteratorAge the age of the batch's last change as the function was invoked
 * @param failed wholly or in part
 */
public record InvocationRecord(
    int lane, long startNanos, long endNanos, int records, Duration iteratorAge, boolean failed) {}
