@NullMarked
package dev.utsushi.construct;

import org.jspecify.annotations.NullMarked;
