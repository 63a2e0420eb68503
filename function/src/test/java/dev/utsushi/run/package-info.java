@NullMarked
package dev.utsushi.run;

import org.jspecify.annotations.NullMarked;
