/**
 * Between a change and its documents: which indexes show an item, and what of it. It knows neither
 * the engine nor where changes come from, but for the record that a change was read from.
 */
@NullMarked
package dev.utsushi.core.projection;

import org.jspecify.annotations.NullMarked;
