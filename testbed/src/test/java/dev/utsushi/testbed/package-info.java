@NullMarked
package dev.utsushi.testbed;

import org.jspecify.annotations.NullMarked;
