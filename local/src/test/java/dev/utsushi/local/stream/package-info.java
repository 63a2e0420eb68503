@NullMarked
package dev.utsushi.local.stream;

import org.jspecify.annotations.NullMarked;
