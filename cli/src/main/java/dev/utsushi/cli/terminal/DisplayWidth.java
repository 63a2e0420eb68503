package dev.utsushi.cli.terminal;

import java.util.List;

/** How many columns a text takes in a terminal: Japanese characters take two. */
final class DisplayWidth {
  /** The wide and full-width blocks of Unicode's East Asian Width, as far as Japanese needs. */
  private static final List<Block> WIDE =
      List.of(
          new Block(0x1100, 0x115F),
          new Block(0x2E80, 0xA4CF),
          new Block(0xAC00, 0xD7A3),
          new Block(0xF900, 0xFAFF),
          new Block(0xFE30, 0xFE4F),
          new Block(0xFF00, 0xFF60),
          new Block(0xFFE0, 0xFFE6),
          new Block(0x1F300, 0x3FFFD));

  private DisplayWidth() {}

  static int of(String text) {
    return text.codePoints().map(DisplayWidth::of).sum();
  }

  /** The text, cut with an ellipsis where it is wider than so many columns. */
  static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int width = 1;
    for (int codePoint : text.codePoints().toArray()) {
      width += of(codePoint);
      if (width > columns) {
        break;
      }
      cut.appendCodePoint(codePoint);
    }
    return cut.append('…').toString();
  }

  private static int of(int codePoint) {
    return WIDE.stream().anyMatch(block -> block.holds(codePoint)) ? 2 : 1;
  }

  private record Block(int first, int last) {
    boolean holds(int codePoint) {
      return codePoint >= first && codePoint <= last;
    }
  }
}
