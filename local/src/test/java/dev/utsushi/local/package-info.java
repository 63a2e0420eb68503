/** Shared by the tests of several packages. */
@NullMarked
package dev.utsushi.local;

import org.jspecify.annotations.NullMarked;
