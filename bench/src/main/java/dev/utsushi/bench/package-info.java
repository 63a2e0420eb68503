/** What is measured, and how. */
@NullMarked
package dev.utsushi.bench;

import org.jspecify.annotations.NullMarked;
