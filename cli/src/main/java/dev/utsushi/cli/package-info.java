/** {@code utsushi}: the commands that an operator types. Nothing depends on this module. */
@NullMarked
package dev.utsushi.cli;

import org.jspecify.annotations.NullMarked;
