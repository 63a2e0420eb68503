@NullMarked
package dev.utsushi.lambda;

import org.jspecify.annotations.NullMarked;
