/**
 * The worker: a process that reads a stream with the Kinesis Client Library and drives the same
 * core as the function.
 *
 * <p>{@code stream -> ShardWriter -> WriteLane -> core -> index}, and for what fails {@code
 * FailureQueue}.
 */
@NullMarked
package dev.utsushi.worker;

import org.jspecify.annotations.NullMarked;
