@NullMarked
package dev.utsushi.infra;

import org.jspecify.annotations.NullMarked;
