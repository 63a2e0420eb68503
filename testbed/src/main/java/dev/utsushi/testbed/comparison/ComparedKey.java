package dev.utsushi.testbed.comparison;

import java.util.List;

/** The values of an item's key, as text. */
record ComparedKey(List<String> values) {
  ComparedKey {
    values = List.copyOf(values);
  }

  @Override
  public String toString() {
    return String.join("|", values);
  }
}
