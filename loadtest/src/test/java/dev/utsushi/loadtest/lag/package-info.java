@NullMarked
package dev.utsushi.loadtest.lag;

import org.jspecify.annotations.NullMarked;
