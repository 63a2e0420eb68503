/** {@code utsushi up}: runs a synthesized template on this machine. */
@NullMarked
package dev.utsushi.cli.up;

import org.jspecify.annotations.NullMarked;
