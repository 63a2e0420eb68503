/**
 * The library for CDK apps: {@link dev.utsushi.construct.Replication} copies one table's stream to
 * one index.
 */
@NullMarked
package dev.utsushi.construct;

import org.jspecify.annotations.NullMarked;
