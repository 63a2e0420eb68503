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
    Backlog backlog,
    Timing timing) {

  /** The same, with waits and invocations that end when the lane is told to stop. */
  MappingContext within(LaneStop stop) {
    return new MappingContext(
        streamArn,
        stop.guard(function),
        settings,
        destination,
        checkpoints,
        listener,
        backoff,
        backlog,
        new Timing(timing.clock(), stop.guard(timing.sleeper()), timing.random()));
  }
}
