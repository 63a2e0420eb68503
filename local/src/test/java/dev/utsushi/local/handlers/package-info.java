/** Small Lambda functions for tests. They run from the test classes, each in its own JVM. */
@NullMarked
package dev.utsushi.local.handlers;

import org.jspecify.annotations.NullMarked;
