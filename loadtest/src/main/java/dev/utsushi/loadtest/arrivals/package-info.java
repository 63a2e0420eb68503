/**
 * When writes come: an open loop, in which a late system delays no later write. The same seed gives
 * the same times, so that a simulation and a run against a real table see the same traffic.
 *
 * <p>Depends on {@code units} alone.
 */
@NullMarked
package dev.utsushi.loadtest.arrivals;

import org.jspecify.annotations.NullMarked;
