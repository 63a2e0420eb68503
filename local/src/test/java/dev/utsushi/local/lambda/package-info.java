@NullMarked
package dev.utsushi.local.lambda;

import org.jspecify.annotations.NullMarked;
