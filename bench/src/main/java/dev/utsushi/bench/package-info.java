/**
 * What is measured and how: the handler beside the same work done by hand, and the start of the
 * function with each HTTP client.
 */
@NullMarked
package dev.utsushi.bench;

import org.jspecify.annotations.NullMarked;
