@NullMarked
package dev.utsushi.core.settings;

import org.jspecify.annotations.NullMarked;
