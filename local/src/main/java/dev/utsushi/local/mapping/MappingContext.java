package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.Invocable;

/** What every shard and lane of one mapping shares. */
record MappingContext(
    String streamArn,
    Invocable function,
    EventSourceMappingSettings settings,
    OnFailureDestination destination,
    CheckpointStore checkpoints,
    MappingListener listener,
    RetryBackoff backoff,
    Timing timing) {}
