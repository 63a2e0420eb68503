/** The whole flow on one screen: {@link dev.utsushi.core.replication.Replication}. */
@NullMarked
package dev.utsushi.core.replication;

import org.jspecify.annotations.NullMarked;
