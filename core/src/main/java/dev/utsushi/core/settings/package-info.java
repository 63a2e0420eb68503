/** The function's environment variables: read once, with all problems reported at once. */
@NullMarked
package dev.utsushi.core.settings;

import org.jspecify.annotations.NullMarked;
