@NullMarked
package dev.utsushi.core.record;

import org.jspecify.annotations.NullMarked;
