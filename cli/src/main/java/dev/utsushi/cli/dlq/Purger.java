package dev.utsushi.cli.dlq;

import static dev.utsushi.cli.dlq.Words.counted;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.cli.dlq.Listing.Entry;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code utsushi dlq purge}. */
public final class Purger {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Asked asked;
  private final @Nullable BufferedReader answers;

  /**
   * A purge.
   *
   * @param answers where the answer to the question is read; null if it is not asked
   */
  public Purger(Asked asked, @Nullable BufferedReader answers) {
    this.asked = asked;
    this.answers = answers;
  }

  /**
   * Which messages, and where they go.
   *
   * @param prefixes how the ids of those that are meant begin; empty for all
   * @param olderThan only those that failed at least so long ago
   * @param export the file; null for one named by index and time in the working directory
   */
  public record Selection(
      List<String> prefixes, Duration olderThan, int max, @Nullable Path export) {}

  /**
   * Asks, exports, deletes.
   *
   * @return whether all that were meant are deleted
   * @throws OperationException if it can't, or a prefix is no message's or several's
   */
  public boolean run(Selection selection) {
    try (Connection connection = asked.connect()) {
      Listing listing = connection.list(selection.max(), asked.terminal());
      List<Entry> meant = meant(listing, selection);
      if (meant.isEmpty()) {
        return nothing(connection);
      }
      Path path = path(selection, connection);
      if (!isWanted(connection.stream(), listing, meant, path)) {
        asked.terminal().line("Nothing was deleted.");
        return false;
      }
      return purge(connection, ids(meant), path);
    }
  }

  private static List<Entry> meant(Listing listing, Selection selection) {
    for (String prefix : selection.prefixes()) {
      long matches = listing.matching(List.of(prefix)).size();
      if (matches > 1) {
        throw OperationException.usage(
            "%s begins the ids of %,d messages: say more of it".formatted(prefix, matches));
      }
    }
    Instant latest = listing.at().minus(selection.olderThan());
    return listing.matching(selection.prefixes()).stream()
        .filter(entry -> !entry.letter().failedAt().isAfter(latest))
        .toList();
  }

  /** With their doubles: one of them left would be the message itself. */
  private static Set<String> ids(List<Entry> entries) {
    Set<String> ids = new LinkedHashSet<>();
    for (Entry entry : entries) {
      ids.add(entry.letter().messageId());
      ids.addAll(entry.copies());
    }
    return ids;
  }

  private boolean nothing(Connection connection) {
    if (!asked.answered(json(connection, null, 0, 0))) {
      asked.terminal().good("Nothing to purge in the queue of " + connection.stream().title());
    }
    return true;
  }

  private static Path path(Selection selection, Connection connection) {
    Path given = selection.export();
    return given != null
        ? given
        : Path.of(
            "dead-letters-%s-%s.jsonl"
                .formatted(connection.stream().index(), FILE_TIME.format(connection.now())));
  }

  private boolean isWanted(DeployedStream stream, Listing listing, List<Entry> meant, Path path) {
    BufferedReader reader = answers;
    if (reader == null) {
      return true;
    }
    long records = meant.stream().mapToLong(entry -> entry.letter().recordCount()).sum();
    asked
        .terminal()
        .line(
            "This deletes %s (%s) of %s%s."
                .formatted(
                    counted(ids(meant).size(), "message", "messages"),
                    counted(records, "record", "records"),
                    stream.title(),
                    listing.complete() ? "" : ", and there are more than were looked at"));
    asked.terminal().line("What they changed will not come into the index any more.");
    asked.terminal().line("Before, they are written to " + path);
    asked.terminal().line("Type the name of the index, %s, to go on:".formatted(stream.index()));
    try {
      String answer = reader.readLine();
      return answer != null && answer.strip().equals(stream.index());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean purge(Connection connection, Set<String> ids, Path path) {
    try (Export export = Export.to(path, connection.stream().queueUrl())) {
      var purge = new Purge(connection.queue(), export, asked.terminal(), InstantSource.system());
      Purge.Result result = purge.run(ids);
      if (!asked.answered(json(connection, path, result.deleted(), result.left().size()))) {
        tell(result, path);
      }
      return result.left().isEmpty();
    }
  }

  private void tell(Purge.Result result, Path path) {
    asked
        .terminal()
        .good(
            "%s deleted, and kept in %s"
                .formatted(
                    counted(result.deleted(), "message is", "messages are"),
                    path.toAbsolutePath()));
    if (!result.left().isEmpty()) {
      asked
          .terminal()
          .bad(
              "%s not deleted: others hide them just now, or have deleted them. Look again in two"
                      .formatted(counted(result.left().size(), "message was", "messages were"))
                  + " minutes.");
    }
  }

  private static ObjectNode json(
      Connection connection, @Nullable Path path, long deleted, long left) {
    return ListJson.heading(connection.stream(), connection.now())
        .put("deleted", deleted)
        .put("left", left)
        .put("export", path == null ? null : path.toAbsolutePath().toString());
  }
}
