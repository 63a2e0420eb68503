/** Small Lambda functions for tests: run from the test classes in JVMs of their own. */
@NullMarked
package dev.utsushi.local.handlers;

import org.jspecify.annotations.NullMarked;
