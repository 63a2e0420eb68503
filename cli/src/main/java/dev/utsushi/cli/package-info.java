/** What an operator types. */
@NullMarked
package dev.utsushi.cli;

import org.jspecify.annotations.NullMarked;
