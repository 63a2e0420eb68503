@NullMarked
package dev.utsushi.loadtest.keys;

import org.jspecify.annotations.NullMarked;
