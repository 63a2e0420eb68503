package dev.utsushi.local.mapping;

import java.util.List;

/** How far each lane of a shard was settled when a checkpoint was written. */
record LaneMarks(List<SequenceNumber> marks) {

  static LaneMarks of(Checkpoint.After checkpoint) {
    return new LaneMarks(checkpoint.lanes().stream().map(SequenceNumber::new).toList());
  }

  /** Whether the record was settled then, in whichever lane it was dealt to. */
  boolean settled(StreamRecord record) {
    return !marks.isEmpty() && record.number().compareTo(markOf(record)) <= 0;
  }

  private SequenceNumber markOf(StreamRecord record) {
    return marks.get(record.laneOf(marks.size()));
  }

  /** What a lane starts from: nothing, if there were more or fewer of them then. */
  SequenceNumber start(int lane, int lanes) {
    return marks.size() == lanes ? marks.get(lane) : SequenceNumber.BEGINNING;
  }
}
