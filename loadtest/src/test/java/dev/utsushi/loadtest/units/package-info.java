@NullMarked
package dev.utsushi.loadtest.units;

import org.jspecify.annotations.NullMarked;
