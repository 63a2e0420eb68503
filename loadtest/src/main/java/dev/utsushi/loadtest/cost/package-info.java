/**
 * What a setting costs a month, by AWS's public prices: dated, for one region, and to be overridden
 * by a file.
 */
@NullMarked
package dev.utsushi.loadtest.cost;

import org.jspecify.annotations.NullMarked;
