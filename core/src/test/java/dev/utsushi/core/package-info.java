@NullMarked
package dev.utsushi.core;

import org.jspecify.annotations.NullMarked;
