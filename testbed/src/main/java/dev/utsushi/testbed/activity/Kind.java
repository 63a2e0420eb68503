package dev.utsushi.testbed.activity;

import java.util.random.RandomGenerator;

/** What an action was. */
enum Kind {
  CALL,
  MAIL,
  VISIT,
  MEMO;

  /** As in the item. */
  String text() {
    return switch (this) {
      case CALL -> "call";
      case MAIL -> "mail";
      case VISIT -> "visit";
      case MEMO -> "memo";
    };
  }

  /** As often as they occur. */
  static Kind drawn(RandomGenerator random) {
    int percent = random.nextInt(100);
    if (percent < 42) {
      return CALL;
    }
    if (percent < 70) {
      return MAIL;
    }
    return percent < 84 ? VISIT : MEMO;
  }
}
