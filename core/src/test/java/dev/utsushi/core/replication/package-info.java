@NullMarked
package dev.utsushi.core.replication;

import org.jspecify.annotations.NullMarked;
