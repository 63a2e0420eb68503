/**
 * A deployed stack, or a local one, as an operator reaches it: credentials, clients, and what its
 * functions' variables say of its streams.
 *
 * <p>{@code Target -> AwsClients -> StreamFinder -> ReplicatedStream}. Every failure is a {@link
 * dev.utsushi.operations.stack.StackException} of one line.
 */
@NullMarked
package dev.utsushi.operations.stack;

import org.jspecify.annotations.NullMarked;
