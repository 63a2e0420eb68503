/**
 * A deployed or local stack as an operator reaches it: credentials, clients, and what the variables
 * of its functions say about its streams.
 *
 * <p>{@code StackSelector -> AwsClients -> StreamFinder -> DeployedStream}. Every failure is an
 * {@link dev.utsushi.operations.stack.OperationException} of one line.
 */
@NullMarked
package dev.utsushi.operations.stack;

import org.jspecify.annotations.NullMarked;
