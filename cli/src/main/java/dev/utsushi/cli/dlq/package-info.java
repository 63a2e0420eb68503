/**
 * {@code utsushi dlq}: what lies in a dead-letter queue, seen, understood, replayed, purged. Reads
 * the queue and the stream itself; writing to the index is left to the deployed function.
 */
@NullMarked
package dev.utsushi.cli.dlq;

import org.jspecify.annotations.NullMarked;
