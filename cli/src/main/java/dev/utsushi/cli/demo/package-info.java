/** {@code utsushi demo}: runs the whole pipeline on this machine. */
@NullMarked
package dev.utsushi.cli.demo;

import org.jspecify.annotations.NullMarked;
