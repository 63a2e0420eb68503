@NullMarked
package dev.utsushi.core.index;

import org.jspecify.annotations.NullMarked;
