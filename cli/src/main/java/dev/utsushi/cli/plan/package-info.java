/** {@code utsushi plan}: its options and its output. The plan itself is loadtest's. */
@NullMarked
package dev.utsushi.cli.plan;

import org.jspecify.annotations.NullMarked;
