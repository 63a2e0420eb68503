package dev.utsushi.local.stream;

import java.util.List;

/** How far a shard is settled. */
public sealed interface Checkpoint {

  /**
   * Part of the shard is settled, and some of its lanes are ahead of others.
   *
   * @param number every record up to and including this one is settled
   * @param lanes for each lane, the number up to which its own records are settled; as many as the
   *     parallelization factor at that time, or none if lanes are not known
   */
  record After(SequenceNumber number, List<SequenceNumber> lanes) implements Checkpoint {

    /** Nothing is settled. */
    public static final After BEGINNING = new After(SequenceNumber.BEGINNING);

    public After {
      lanes = List.copyOf(lanes);
    }

    public After(SequenceNumber number) {
      this(number, List.of());
    }

    /** Whether the record was settled then, in whichever lane it was. */
    public boolean settled(PolledRecord record) {
      return !lanes.isEmpty()
          && record.number().compareTo(lanes.get(record.laneOf(lanes.size()))) <= 0;
    }

    /** Returns where a lane starts: at the beginning if the number of lanes has changed. */
    SequenceNumber start(int lane, int laneCount) {
      return lanes.size() == laneCount ? lanes.get(lane) : SequenceNumber.BEGINNING;
    }
  }

  /** The shard is closed and every record of it is settled. */
  record Finished() implements Checkpoint {}
}
