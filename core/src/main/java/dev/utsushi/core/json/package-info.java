/** JSON in small pieces: read as it was written, and written to a text. No flow of its own. */
@NullMarked
package dev.utsushi.core.json;

import org.jspecify.annotations.NullMarked;
