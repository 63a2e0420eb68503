@NullMarked
package dev.utsushi.core.telemetry;

import org.jspecify.annotations.NullMarked;
