@NullMarked
package dev.utsushi.loadtest;

import org.jspecify.annotations.NullMarked;
