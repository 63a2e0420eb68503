/**
 * What is written when: arrival times, the items they go to, and the kind of each write. The same
 * seed gives the same writes, so that a simulation and a run against a real table see the same
 * traffic. Writes are an open loop: a late system delays no later write.
 *
 * <p>Depends on {@code units} alone.
 */
@NullMarked
package dev.utsushi.loadtest.traffic;

import org.jspecify.annotations.NullMarked;
