/** The flow from records to outcomes: {@link dev.utsushi.core.replication.Replication}. */
@NullMarked
package dev.utsushi.core.replication;

import org.jspecify.annotations.NullMarked;
