@NullMarked
package dev.utsushi.operations.deadletters;

import org.jspecify.annotations.NullMarked;
