@NullMarked
package dev.utsushi.stream;

import org.jspecify.annotations.NullMarked;
