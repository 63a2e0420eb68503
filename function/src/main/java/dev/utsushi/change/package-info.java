/**
 * A change to one item of a table: the key, the version and what the item became. The middle of the
 * flow; depends on the JDK alone.
 */
@NullMarked
package dev.utsushi.change;

import org.jspecify.annotations.NullMarked;
