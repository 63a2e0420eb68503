/** What the tests of several packages share. */
@NullMarked
package dev.utsushi.local;

import org.jspecify.annotations.NullMarked;
