@NullMarked
package dev.utsushi.loadtest.traffic;

import org.jspecify.annotations.NullMarked;
