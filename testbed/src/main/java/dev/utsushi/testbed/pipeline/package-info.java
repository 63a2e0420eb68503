/**
 * The one embedded pipeline, wired as it is deployed: the demo, load tests, fault injection and
 * integration tests run on it.
 *
 * <p>{@code table -> stream -> event source mapping -> function -> index}, and for what fails
 * {@code failure queue -> capture -> dead-letter queue -> replay}.
 */
@NullMarked
package dev.utsushi.testbed.pipeline;

import org.jspecify.annotations.NullMarked;
