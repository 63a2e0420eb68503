/**
 * What a person sees: lines, a live line where there is a terminal, tables, colour where wanted.
 */
@NullMarked
package dev.utsushi.cli.terminal;

import org.jspecify.annotations.NullMarked;
