package dev.utsushi.cli.chaos;

import java.util.Arrays;
import java.util.List;

/** Everything that can go wrong here. Faults of one lane never overlap, those of others do. */
enum FaultKind {
  TOO_MANY_REQUESTS(Lane.LINE, "engine answers 429"),
  UNAVAILABLE(Lane.LINE, "engine answers 503"),
  REFUSED(Lane.LINE, "engine answers 403"),
  HANG(Lane.LINE, "engine hangs"),
  DROP_BEFORE(Lane.LINE, "connection dropped before the write"),
  LOSE_ANSWER(Lane.LINE, "written, answer lost"),
  TRUNCATE(Lane.LINE, "written, answer cut off half-way"),
  DELAY(Lane.LINE, "slow line"),
  STRAND(Lane.LINE, "connection dropped, the write comes later"),

  ENGINE_RESTART(Lane.ENGINE, "engine stopped and started"),
  WRITE_BLOCK(Lane.ENGINE, "index blocked for writes"),

  KILL_BEFORE(Lane.FUNCTION, "function killed before the write"),
  KILL_DURING(Lane.FUNCTION, "function killed during the write"),
  KILL_AFTER(Lane.FUNCTION, "function killed after the write"),
  KILL_ANSWERED(Lane.FUNCTION, "function killed with the answer in hand"),
  THROTTLE(Lane.FUNCTION, "function throttled"),

  DUPLICATE(Lane.DELIVERY, "batch delivered twice at once"),
  REDELIVER(Lane.DELIVERY, "old changes redelivered, shuffled, re-split"),

  ROLL_OVER(Lane.STREAM, "shard rolled over"),
  REENABLE(Lane.STREAM, "stream switched off and on again"),
  OLD_CHECKPOINT(Lane.STREAM, "mapping restarted from an old checkpoint"),

  QUEUE_DOWN(Lane.QUEUE, "queue refuses a dead letter"),
  QUEUE_ANSWER_LOST(Lane.QUEUE, "dead letter parked, answer lost");

  /** What is hit; each lane has its own thread. */
  enum Lane {
    LINE,
    ENGINE,
    FUNCTION,
    DELIVERY,
    STREAM,
    QUEUE;

    List<FaultKind> kinds() {
      return Arrays.stream(FaultKind.values()).filter(kind -> kind.lane == this).toList();
    }
  }

  private final Lane lane;
  private final String words;

  FaultKind(Lane lane, String words) {
    this.lane = lane;
    this.words = words;
  }

  String words() {
    return words;
  }
}
