package dev.utsushi.local.mapping;

import java.util.List;

/** How far a shard is settled. */
public sealed interface Checkpoint {

  /** The sequence number of no record: the place before all of them. */
  String BEGINNING = "0";

  /**
   * Some of the shard is settled, and some of its lanes are ahead of others.
   *
   * @param sequenceNumber every record up to and with this one is settled; {@link #BEGINNING} when
   *     that is none
   * @param lanes for each lane, the number up to which its own records are settled; as many as the
   *     parallelization factor that they were dealt out with, or none where lanes are not known
   */
  record After(String sequenceNumber, List<String> lanes) implements Checkpoint {

    public After {
      lanes = List.copyOf(lanes);
    }

    public After(String sequenceNumber) {
      this(sequenceNumber, List.of());
    }
  }

  /** The shard is closed and every record of it is settled. */
  record Finished() implements Checkpoint {}
}
