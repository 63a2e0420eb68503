/** {@code utsushi plan}: what was asked, and how the answer looks. The answer is loadtest's. */
@NullMarked
package dev.utsushi.cli.plan;

import org.jspecify.annotations.NullMarked;
