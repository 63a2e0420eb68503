/** The constructs that are deployed, all in one stack. */
@NullMarked
package dev.utsushi.infra.stack;

import org.jspecify.annotations.NullMarked;
