package dev.utsushi.operations.stack;

import org.jspecify.annotations.Nullable;

/**
 * How a stream's functions reach the engine, as their variables say.
 *
 * @param endpoint URL of the cluster
 * @param auth {@code sigv4}, {@code basic}, {@code apikey} or {@code none}
 * @param secretArn for {@code basic} and {@code apikey}
 * @param lagAttribute the attribute with a write's own time, if the stream has one
 */
public record SearchAccess(
    String endpoint, String auth, @Nullable String secretArn, @Nullable String lagAttribute) {}
