/**
 * Writes to a table as planned, whatever the table takes for it: {@code WritePlan -> LoadGenerator
 * -> WriteTarget}, with every write's times in {@code WriteTimes}.
 *
 * <p>Knows no table: what an item looks like and how it is written is the target's.
 */
@NullMarked
package dev.utsushi.loadtest.generator;

import org.jspecify.annotations.NullMarked;
