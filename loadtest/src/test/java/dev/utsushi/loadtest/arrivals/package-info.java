@NullMarked
package dev.utsushi.loadtest.arrivals;

import org.jspecify.annotations.NullMarked;
