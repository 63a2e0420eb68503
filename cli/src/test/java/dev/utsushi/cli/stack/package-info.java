@NullMarked
package dev.utsushi.cli.stack;

import org.jspecify.annotations.NullMarked;
