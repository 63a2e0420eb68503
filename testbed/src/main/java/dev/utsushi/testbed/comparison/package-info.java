/**
 * Is the index a faithful copy of the table? Read from both and compared item by item, attribute by
 * attribute.
 *
 * <p>The witness must not be related to the accused: nothing here uses the function's code, only
 * what the design says a document looks like.
 */
@NullMarked
package dev.utsushi.testbed.comparison;

import org.jspecify.annotations.NullMarked;
