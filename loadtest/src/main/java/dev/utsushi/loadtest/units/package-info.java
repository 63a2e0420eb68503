/** The text forms of values, and histograms of lags. */
@NullMarked
package dev.utsushi.loadtest.units;

import org.jspecify.annotations.NullMarked;
