package dev.utsushi.local.mapping;

import java.util.List;

/** Takes note of records that a lane is done with. */
interface RecordSettler {
  void settle(LaneId lane, List<StreamRecord> records);
}
