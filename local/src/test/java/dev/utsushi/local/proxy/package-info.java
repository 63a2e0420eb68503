@NullMarked
package dev.utsushi.local.proxy;

import org.jspecify.annotations.NullMarked;
