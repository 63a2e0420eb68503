package dev.utsushi.cli.activity;

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
}
