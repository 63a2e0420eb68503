/**
 * Turns the times of a load test, change by change, into figures: lags, lanes, backlog, and the
 * invocation times that a plan takes.
 *
 * <p>{@code run} records; {@code report} shows.
 */
@NullMarked
package dev.utsushi.loadtest.measurement;

import org.jspecify.annotations.NullMarked;
