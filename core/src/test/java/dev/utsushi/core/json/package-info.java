@NullMarked
package dev.utsushi.core.json;

import org.jspecify.annotations.NullMarked;
