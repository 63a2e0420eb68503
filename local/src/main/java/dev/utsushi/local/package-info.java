/** The embedded AWS: real servers on loopback, for tests, the demo and load tests. */
@NullMarked
package dev.utsushi.local;

import org.jspecify.annotations.NullMarked;
