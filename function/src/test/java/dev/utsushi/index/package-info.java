@NullMarked
package dev.utsushi.index;

import org.jspecify.annotations.NullMarked;
