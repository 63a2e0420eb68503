@NullMarked
package dev.utsushi.loadtest.report;

import org.jspecify.annotations.NullMarked;
