/**
 * What is measured and how: the handler beside the same work done by hand, the start of the
 * function with each HTTP client, runs on a large table beside live traffic, and two builds of the
 * function.
 */
@NullMarked
package dev.utsushi.bench;

import org.jspecify.annotations.NullMarked;
