@NullMarked
package dev.utsushi.cli.load;

import org.jspecify.annotations.NullMarked;
