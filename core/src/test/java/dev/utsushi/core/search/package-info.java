@NullMarked
package dev.utsushi.core.search;

import org.jspecify.annotations.NullMarked;
