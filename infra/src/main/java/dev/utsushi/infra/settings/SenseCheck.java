package dev.utsushi.infra.settings;

import dev.utsushi.core.index.IndexNames;
import dev.utsushi.infra.settings.Value.Entries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what is wrong between values that are right by themselves. A value that is not there, or
 * that had the wrong shape, is no reason not to look at the others.
 */
final class SenseCheck {
  /** DynamoDB Streams throttles a third. */
  private static final int MOST_READERS = 2;

  private final List<Problem> problems;
  private final MappingSource mappings;
  private final Map<String, Integer> linesOfNames = new HashMap<>();
  private final Map<String, Integer> linesOfTables = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();

  SenseCheck(List<Problem> problems, MappingSource mappings) {
    this.problems = problems;
    this.mappings = mappings;
  }

  void check(Entries file) {
    file.entries("search")
        .flatMap(search -> search.entries("newDomain"))
        .ifPresent(domain -> checkDomain(domain, file.entries("vpc")));
    Entries defaults = file.entriesOrNone("defaults");
    for (Value stream : file.items("streams")) {
      checkStream((Entries) stream, defaults);
    }
  }

  private void checkDomain(Entries domain, Optional<Entries> vpc) {
    long zones = domain.whole("zones").orElse(1L);
    long nodes = domain.whole("dataNodes").orElse(2L);
    if (nodes % zones != 0) {
      problem(
          domain.lineOf("dataNodes"),
          ("search.newDomain.dataNodes must be a multiple of zones: %d does not spread evenly over"
                  + " %d")
              .formatted(nodes, zones));
    }
    vpc.ifPresent(
        network -> {
          long covered = zonesOf(network).distinct().count();
          if (covered < zones) {
            problem(
                network.lineOf("subnets"),
                "vpc.subnets are in %d zones, and search.newDomain.zones asks for %d"
                    .formatted(covered, zones));
          }
        });
  }

  private static Stream<String> zonesOf(Entries network) {
    return network.items("subnets").stream()
        .flatMap(subnet -> ((Entries) subnet).text("availabilityZone").stream());
  }

  private void checkStream(Entries stream, Entries defaults) {
    stream.text("index").ifPresent(index -> checkIndex(index, stream.lineOf("index")));
    Entries table = stream.entriesOrNone("table");
    table.entries("create").ifPresent(this::checkNewTable);
    table.entries("existing").ifPresent(this::checkExistingTable);
    checkConcurrency(stream, defaults);
    stream.text("mapping").ifPresent(mapping -> checkMapping(mapping, stream.lineOf("mapping")));
  }

  /** Three names derive from one, so that different settings can still collide. */
  private void checkIndex(String index, int line) {
    IndexNames names = new IndexNames(index);
    for (String name : List.of(names.reader(), names.writer(), names.first())) {
      Integer other = linesOfNames.putIfAbsent(name, line);
      if (other != null && other != line) {
        problem(
            line,
            ("index '%s' collides with the stream at line %d: both would have '%s'; give each"
                    + " stream an index of its own")
                .formatted(index, other, name));
        return;
      }
    }
  }

  private void checkNewTable(Entries table) {
    Optional<String> sortKey = table.text("sortKey");
    checkKeys(table, sortKey);
    if (sortKey.isEmpty() && table.values().containsKey("sortKeyType")) {
      problem(table.lineOf("sortKeyType"), "sortKeyType is of no use without sortKey");
    }
    table
        .text("name")
        .ifPresent(
            name -> {
              Integer other = linesOfTables.putIfAbsent(name, table.lineOf("name"));
              if (other != null) {
                problem(
                    table.lineOf("name"),
                    ("table '%s' is created at line %d already; a second stream on it needs"
                            + " another stack, with table.existing")
                        .formatted(name, other));
              }
            });
  }

  private void checkKeys(Entries table, Optional<String> sortKey) {
    if (sortKey.isPresent() && sortKey.equals(table.text("partitionKey"))) {
      problem(table.lineOf("sortKey"), "sortKey is the partition key: leave it out");
    }
  }

  private void checkExistingTable(Entries table) {
    checkKeys(table, table.text("sortKey"));
    Optional<String> stream = table.text("streamArn");
    table
        .text("arn")
        .filter(arn -> stream.isPresent() && !stream.get().startsWith(arn + "/stream/"))
        .ifPresent(
            arn ->
                problem(
                    table.lineOf("streamArn"),
                    "streamArn is not of this table: it must start with %s/stream/"
                        .formatted(arn)));
    if (stream.isPresent() && readers.merge(stream.get(), 1, Integer::sum) > MOST_READERS) {
      problem(
          table.lineOf("streamArn"),
          "streamArn has too many readers: a DynamoDB stream serves %d at a time"
              .formatted(MOST_READERS));
    }
  }

  private void checkConcurrency(Entries stream, Entries defaults) {
    Optional<Long> reserved = whole("reservedConcurrency", stream, defaults);
    long factor = whole("parallelizationFactor", stream, defaults).orElse(1L);
    reserved
        .filter(concurrency -> concurrency < factor)
        .ifPresent(
            concurrency ->
                problem(
                    stream.lineOf("reservedConcurrency"),
                    ("reservedConcurrency %d is less than parallelizationFactor %d: one shard alone"
                            + " would be throttled")
                        .formatted(concurrency, factor)));
  }

  private static Optional<Long> whole(String name, Entries stream, Entries defaults) {
    return stream.whole(name).or(() -> defaults.whole(name));
  }

  private void checkMapping(String mapping, int line) {
    try {
      mappings.setting(mapping);
    } catch (IllegalArgumentException e) {
      problem(line, "mapping '" + mapping + "' " + e.getMessage());
    }
  }

  private void problem(int line, String what) {
    problems.add(new Problem(line, what));
  }
}
