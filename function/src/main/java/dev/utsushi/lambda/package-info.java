/**
 * The handlers that Lambda invokes: replication, capture and replay. The flow itself is {@link
 * dev.utsushi.core.replication.Replication}.
 */
@NullMarked
package dev.utsushi.lambda;

import org.jspecify.annotations.NullMarked;
