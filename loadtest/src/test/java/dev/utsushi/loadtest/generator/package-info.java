@NullMarked
package dev.utsushi.loadtest.generator;

import org.jspecify.annotations.NullMarked;
