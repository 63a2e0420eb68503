@NullMarked
package dev.utsushi.local.kinesis;

import org.jspecify.annotations.NullMarked;
