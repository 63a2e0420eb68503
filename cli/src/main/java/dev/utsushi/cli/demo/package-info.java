/** {@code utsushi demo}: the whole pipeline on this machine, stage by stage. */
@NullMarked
package dev.utsushi.cli.demo;

import org.jspecify.annotations.NullMarked;
