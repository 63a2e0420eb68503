/** Where a running local AWS answers: written by who runs it, read by who wants to reach it. */
@NullMarked
package dev.utsushi.testbed.endpoints;

import org.jspecify.annotations.NullMarked;
