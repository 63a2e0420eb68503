/** Where a running local AWS answers: written by who runs it, read by who wants to reach it. */
@NullMarked
package dev.utsushi.cli.endpoints;

import org.jspecify.annotations.NullMarked;
