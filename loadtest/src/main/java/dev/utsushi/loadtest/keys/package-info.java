/**
 * Which item a write goes to. An item's changes all go down one lane, so their distribution decides
 * how well a parallelization factor can serve. The same seed gives the same items.
 */
@NullMarked
package dev.utsushi.loadtest.keys;

import org.jspecify.annotations.NullMarked;
