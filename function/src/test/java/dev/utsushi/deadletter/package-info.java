@NullMarked
package dev.utsushi.deadletter;

import org.jspecify.annotations.NullMarked;
