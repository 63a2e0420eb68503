@NullMarked
package dev.utsushi.worker;

import org.jspecify.annotations.NullMarked;
