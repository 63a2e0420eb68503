@NullMarked
package dev.utsushi.telemetry;

import org.jspecify.annotations.NullMarked;
