/**
 * A change to one item of a table: its key, its version, and the item's new image or removal.
 *
 * <p>The middle of the flow: a source of changes (a stream, a replay) produces this type, and the
 * index consumes it. Depends on the JDK alone.
 */
@NullMarked
package dev.utsushi.core.change;

import org.jspecify.annotations.NullMarked;
