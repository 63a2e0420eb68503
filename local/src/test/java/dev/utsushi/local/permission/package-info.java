@NullMarked
package dev.utsushi.local.permission;

import org.jspecify.annotations.NullMarked;
