@NullMarked
package dev.utsushi.search;

import org.jspecify.annotations.NullMarked;
