package dev.utsushi.cli.dlq;

import dev.utsushi.operations.stack.OperationException;

/** {@code utsushi dlq list}. */
public final class Lister {
  private final Asked asked;

  public Lister(Asked asked) {
    this.asked = asked;
  }

  /**
   * Lists up to so many messages.
   *
   * @throws OperationException if it can't
   */
  public void run(int max) {
    try (Connection connection = asked.connect()) {
      Listing listing = connection.list(max, asked.terminal());
      if (!asked.answered(ListJson.of(connection.stream(), listing))) {
        new ListScreen(asked.terminal(), connection.stream(), listing)
            .show(asked.selector().options());
      }
    }
  }
}
