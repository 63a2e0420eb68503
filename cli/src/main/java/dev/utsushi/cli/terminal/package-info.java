/** Lines, tables and a live status line on the terminal. */
@NullMarked
package dev.utsushi.cli.terminal;

import org.jspecify.annotations.NullMarked;
