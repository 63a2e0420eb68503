@NullMarked
package dev.utsushi.json;

import org.jspecify.annotations.NullMarked;
