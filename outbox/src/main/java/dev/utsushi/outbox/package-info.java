/**
 * The library of a service that publishes events: it adds them to a transaction of DynamoDB.
 *
 * <p>{@code Outbox -> outbox table -> stream -> relay -> broker}, and {@code outbox table -> poller
 * -> broker} for what the relay left.
 */
@NullMarked
package dev.utsushi.outbox;

import org.jspecify.annotations.NullMarked;
