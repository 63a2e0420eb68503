@NullMarked
package dev.utsushi.loadtest.cost;

import org.jspecify.annotations.NullMarked;
