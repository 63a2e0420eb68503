/**
 * The cheapest setting that is fast enough: simulates the same traffic with every setting of a grid
 * and prices it by AWS's public prices.
 */
@NullMarked
package dev.utsushi.loadtest.plan;

import org.jspecify.annotations.NullMarked;
