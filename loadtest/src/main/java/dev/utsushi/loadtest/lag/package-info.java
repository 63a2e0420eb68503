/** How late changes are: one histogram for what is predicted and what is measured alike. */
@NullMarked
package dev.utsushi.loadtest.lag;

import org.jspecify.annotations.NullMarked;
