package dev.utsushi.cli.dlq;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages of a queue, the oldest failure first, doubles as one.
 *
 * @param at when it was made
 * @param complete whether there are no others
 * @param hidden messages that somebody else was looking at
 */
record Listing(List<Entry> entries, Instant at, Duration retention, boolean complete, long hidden) {

  /**
   * A message and its doubles.
   *
   * @param copies ids of messages that say the same
   */
  record Entry(Letter letter, List<String> copies) {
    boolean hasId(String prefix) {
      return letter.messageId().startsWith(prefix)
          || copies.stream().anyMatch(id -> id.startsWith(prefix));
    }
  }

  static Listing of(Peek.Seen<Letter> seen, Instant at) {
    Map<DeadLetter.Identity, List<Letter>> alike = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Letter letter : seen.messages()) {
      Optional<DeadLetter.Identity> identity = letter.identity();
      if (identity.isPresent()) {
        alike.computeIfAbsent(identity.get(), _ -> new ArrayList<>()).add(letter);
      } else {
        entries.add(new Entry(letter, List.of()));
      }
    }
    alike.values().forEach(letters -> entries.add(entry(letters)));
    entries.sort(Comparator.comparing(entry -> entry.letter().failedAt()));
    return new Listing(
        List.copyOf(entries),
        at,
        seen.before().retention(),
        seen.complete(),
        seen.before().hidden());
  }

  /** The one that was sent last stands for all: the queue keeps it longest. */
  private static Entry entry(List<Letter> letters) {
    List<Letter> latestFirst =
        letters.stream().sorted(Comparator.comparing(Letter::sentAt).reversed()).toList();
    return new Entry(
        latestFirst.getFirst(), latestFirst.stream().skip(1).map(Letter::messageId).toList());
  }

  long doubles() {
    return entries.stream().mapToLong(entry -> entry.copies().size()).sum();
  }

  long recordCount() {
    return entries.stream().mapToLong(entry -> entry.letter().recordCount()).sum();
  }

  long count(DeadLetter.Form form) {
    return entries.stream().filter(entry -> entry.letter().form() == form).count();
  }

  long expired() {
    return entries.stream().filter(entry -> entry.letter().isExpired(at, retention)).count();
  }

  /** The shortest beginnings of ids, from eight characters on, that tell these messages apart. */
  int shortIdLength() {
    List<String> ids = entries.stream().map(entry -> entry.letter().messageId()).toList();
    int length = 8;
    while (length < 36 && shortened(ids, length) < ids.size()) {
      length++;
    }
    return length;
  }

  private static long shortened(List<String> ids, int length) {
    return ids.stream()
        .map(id -> id.substring(0, Math.min(length, id.length())))
        .distinct()
        .count();
  }

  /**
   * The entries whose id begins so, all for no prefix.
   *
   * @throws OperationException if a prefix is nobody's
   */
  List<Entry> matching(List<String> prefixes) {
    for (String prefix : prefixes) {
      if (entries.stream().noneMatch(entry -> entry.hasId(prefix))) {
        throw OperationException.usage("no message id begins with " + prefix + whereSought());
      }
    }
    return entries.stream()
        .filter(entry -> prefixes.isEmpty() || prefixes.stream().anyMatch(entry::hasId))
        .toList();
  }

  private String whereSought() {
    return entries.isEmpty() && complete
        ? ": no message can be seen in the queue"
        : " among the %,d messages that can be seen%s"
            .formatted(entries.size(), complete ? "" : " (there are more: --max)");
  }
}
