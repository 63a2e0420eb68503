/**
 * A change to one item of a table: whose it is, which version, and what the item became.
 *
 * <p>The middle of the flow. Whatever brings changes (a stream today, a replay, another stream
 * tomorrow) ends here, and whatever writes them starts here. Depends on the JDK alone.
 */
@NullMarked
package dev.utsushi.core.change;

import org.jspecify.annotations.NullMarked;
