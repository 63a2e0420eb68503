package dev.utsushi.loadtest.measurement;

import java.time.Duration;

/**
 * A second of the run.
 *
 * @param number from the start of the run, from 0 on
 * @param planned writes that were due in it
 * @param acknowledged writes that the table took in it
 * @param indexed changes that arrived in the index in it
 * @param behind changes that had been written and not yet indexed at its end
 * @param lagged of the writes sent in it, how many arrived
 * @param p50 of their lags, however late they arrived; zero if none did
 * @param p99 likewise
 * @param max likewise
 * @param iteratorAge the greatest of the invocations that started in it
 */
public record Second(
    int number,
    int planned,
    int acknowledged,
    int indexed,
    int behind,
    int lagged,
    Duration p50,
    Duration p99,
    Duration max,
    Duration iteratorAge) {}
