@NullMarked
package dev.utsushi.core.projection;

import org.jspecify.annotations.NullMarked;
