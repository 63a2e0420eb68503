@NullMarked
package dev.utsushi.local.mapping;

import org.jspecify.annotations.NullMarked;
