package dev.utsushi.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows under a head, each column as wide as its widest cell; numbers to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... head) {
    this.head = List.of(head);
  }

  public void row(List<String> cells) {
    if (cells.size() != head.size()) {
      throw new IllegalArgumentException("a row takes " + head.size() + " cells");
    }
    rows.add(List.copyOf(cells));
  }

  public void row(String... cells) {
    row(List.of(cells));
  }

  /** The head first; no line is wider than so many columns. */
  public List<String> lines(int columns) {
    List<String> lines = new ArrayList<>();
    lines.add(line(head, columns));
    rows.forEach(row -> lines.add(line(row, columns)));
    return lines;
  }

  private String line(List<String> cells, int columns) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(width(i) - DisplayWidth.of(cell));
      line.append(i == 0 ? "" : GAP);
      line.append(isNumeric(i) ? padding + cell : cell + padding);
    }
    return DisplayWidth.cut(line.toString().stripTrailing(), columns);
  }

  private int width(int column) {
    int widest = DisplayWidth.of(head.get(column));
    for (List<String> row : rows) {
      widest = Math.max(widest, DisplayWidth.of(row.get(column)));
    }
    return widest;
  }

  private boolean isNumeric(int column) {
    return rows.stream().allMatch(row -> row.get(column).matches("[-\\d,.]*"));
  }
}
