@NullMarked
package dev.utsushi.operations.stack;

import org.jspecify.annotations.NullMarked;
