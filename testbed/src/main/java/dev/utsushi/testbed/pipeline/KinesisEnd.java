package dev.utsushi.testbed.pipeline;

import dev.utsushi.local.kinesis.DeliveryFaults;
import dev.utsushi.local.kinesis.LocalKinesis;

/**
 * A Kinesis stream that receives the table's changes.
 *
 * @param shards that the stream begins with
 * @param faults what happens to changes on their way to it
 */
public record KinesisEnd(LocalKinesis server, int shards, DeliveryFaults faults) {}
