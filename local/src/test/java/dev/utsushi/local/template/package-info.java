@NullMarked
package dev.utsushi.local.template;

import org.jspecify.annotations.NullMarked;
