@NullMarked
package dev.utsushi.infra.stack;

import org.jspecify.annotations.NullMarked;
