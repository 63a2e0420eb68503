@NullMarked
package dev.utsushi.settings;

import org.jspecify.annotations.NullMarked;
