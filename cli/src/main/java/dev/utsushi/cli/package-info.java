/** The commands of {@code utsushi}. Nothing depends on this module. */
@NullMarked
package dev.utsushi.cli;

import org.jspecify.annotations.NullMarked;
