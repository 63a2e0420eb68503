/** What is deployed: one construct for each idea, all of them in one stack. */
@NullMarked
package dev.utsushi.infra.stack;

import org.jspecify.annotations.NullMarked;
