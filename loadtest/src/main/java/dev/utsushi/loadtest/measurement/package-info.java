/** What a load test measured, in the form that a plan takes. */
@NullMarked
package dev.utsushi.loadtest.measurement;

import org.jspecify.annotations.NullMarked;
