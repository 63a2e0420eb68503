/** Keeps the embedded servers' logs off the console of whoever embeds them. */
@NullMarked
package dev.utsushi.local.quiet;

import org.jspecify.annotations.NullMarked;
