@NullMarked
package dev.utsushi.loadtest.plan;

import org.jspecify.annotations.NullMarked;
