/** What the function is told by its environment variables: read once, all problems at once. */
@NullMarked
package dev.utsushi.core.settings;

import org.jspecify.annotations.NullMarked;
