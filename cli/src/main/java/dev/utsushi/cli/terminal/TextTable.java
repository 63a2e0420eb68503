package dev.utsushi.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A table: each column is as wide as its widest cell, and numbers are aligned to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  /** The head first. */
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... head) {
    rows.add(List.of(head));
  }

  /**
   * A column.
   *
   * @param cell its text in a row
   */
  public record Column<T>(String head, Function<T, String> cell) {}

  /** Returns a table with a row for each element. */
  public static <T> TextTable of(List<Column<T>> columns, List<T> rows) {
    var table = new TextTable(columns.stream().map(Column::head).toArray(String[]::new));
    rows.forEach(
        row -> table.row(columns.stream().map(column -> column.cell().apply(row)).toList()));
    return table;
  }

  public void row(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException("A row takes " + rows.getFirst().size() + " cells.");
    }
    rows.add(cells.stream().map(cell -> escaped(cell, 0)).toList());
  }

  /**
   * Escapes control characters, line breaks and marks of direction, which a terminal obeys.
   *
   * @param kept a control character to leave as it is
   */
  public static String escaped(String text, int kept) {
    if (text.codePoints().noneMatch(each -> each != kept && isObeyed(each))) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            each -> {
              if (each != kept && isObeyed(each)) {
                escaped.append("\\u%04x".formatted(each));
              } else {
                escaped.appendCodePoint(each);
              }
            });
    return escaped.toString();
  }

  private static boolean isObeyed(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= 0x2028 && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }

  public void row(String... cells) {
    row(List.of(cells));
  }

  /** Returns the head and the rows; no line is wider than this many columns. */
  public List<String> lines(int columns) {
    return rows.stream().map(row -> line(row, columns)).toList();
  }

  private String line(List<String> cells, int columns) {
    List<String> padded = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(width(i) - DisplayWidth.of(cell));
      padded.add(isNumeric(i) ? padding + cell : cell + padding);
    }
    return DisplayWidth.cut(String.join(GAP, padded).stripTrailing(), columns);
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> DisplayWidth.of(row.get(column))).max().orElse(0);
  }

  private boolean isNumeric(int column) {
    return rows.stream().skip(1).allMatch(row -> row.get(column).matches("[-\\d,.]*"));
  }
}
