/** Keeps the embedded servers' logs off the console. */
@NullMarked
package dev.utsushi.local.quiet;

import org.jspecify.annotations.NullMarked;
