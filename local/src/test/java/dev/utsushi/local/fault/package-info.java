@NullMarked
package dev.utsushi.local.fault;

import org.jspecify.annotations.NullMarked;
