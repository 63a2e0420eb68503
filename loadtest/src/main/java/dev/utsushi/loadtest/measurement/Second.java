package dev.utsushi.loadtest.measurement;

import java.time.Duration;

/**
 * One second of the run.
 *
 * @param number from the start of the run, from 0 on
 * @param planned writes that were due in it
 * @param acknowledged writes that the table confirmed in it
 * @param indexed changes that were indexed in it
 * @param behind changes written and not indexed at its end
 * @param lagged how many of the writes that were sent in it were indexed
 * @param p50 of their lags; zero if none was indexed
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
