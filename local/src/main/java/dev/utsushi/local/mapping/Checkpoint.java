package dev.utsushi.local.mapping;

/** How far a shard is settled. */
public sealed interface Checkpoint {

  /** Every record up to and with this one is settled; some after it may be. */
  record After(String sequenceNumber) implements Checkpoint {}

  /** The shard is closed and every record of it is settled. */
  record Finished() implements Checkpoint {}
}
