@NullMarked
package dev.utsushi.loadtest.run;

import org.jspecify.annotations.NullMarked;
