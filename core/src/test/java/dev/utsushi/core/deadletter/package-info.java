@NullMarked
package dev.utsushi.core.deadletter;

import org.jspecify.annotations.NullMarked;
