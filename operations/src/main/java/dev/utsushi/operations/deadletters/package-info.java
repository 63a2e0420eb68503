/**
 * The dead letters of a deployed stream, for an operator: list, show, replay, purge. Knows no
 * terminal. It reads the queue and the stream itself, and leaves writing to the replay function.
 */
@NullMarked
package dev.utsushi.operations.deadletters;

import org.jspecify.annotations.NullMarked;
