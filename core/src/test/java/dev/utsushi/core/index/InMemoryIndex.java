package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The simplest index that keeps the contract: the reference for the engines. */
final class InMemoryIndex implements IndexUnderTest, IndexWriter {
  private final Map<String, DocumentWrite> current = new HashMap<>();
  private final Map<String, JsonNode> documents = new HashMap<>();
  private final Set<String> dateAttributes;

  InMemoryIndex(Set<String> dateAttributes) {
    this.dateAttributes = dateAttributes;
  }

  @Override
  public IndexWriter writer() {
    return this;
  }

  @Override
  public synchronized List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    return writes.stream().map(this::write).toList();
  }

  private Outcome write(DocumentWrite write) {
    DocumentWrite existing = current.get(write.id());
    if (existing != null && existing.version().compareTo(write.version()) >= 0) {
      return isOfNewerStream(existing.change(), write.change())
          ? new BulkReply.OlderStream().outcome()
          : new Outcome.Superseded();
    }
    if (existing != null && wouldGoBack(existing.change(), write.change())) {
      return new Outcome.Superseded();
    }
    Set<String> overflow = overflow(write.change());
    current.put(write.id(), write);
    documents.put(write.id(), render(write.change(), overflow));
    return new Outcome.Applied(List.copyOf(overflow));
  }

  /** Whether the existing change is an earlier one, but of a newer stream. */
  private static boolean isOfNewerStream(Change existing, Change late) {
    return existing.changedAt() != null
        && late.changedAt() != null
        && late.changedAt().isAfter(existing.changedAt())
        && existing.version().streamLabel().compareTo(late.version().streamLabel()) > 0;
  }

  /** Whether the existing change is of an older stream, but of a later second than Kinesis' one. */
  private static boolean wouldGoBack(Change existing, Change next) {
    if (existing.changedAt() == null || next.changedAt() == null) {
      return false;
    }
    Instant second = next.changedAt().truncatedTo(ChronoUnit.SECONDS);
    return next.changedAt().isAfter(second)
        && existing.changedAt().truncatedTo(ChronoUnit.SECONDS).isAfter(second)
        && !existing.version().streamLabel().equals(next.version().streamLabel());
  }

  private Set<String> overflow(Change change) {
    Set<String> overflow = new HashSet<>(DocumentWriter.reservedNames(change));
    if (change instanceof Change.Upsert upsert) {
      upsert
          .item()
          .forEach(
              (name, value) -> {
                boolean notADate =
                    dateAttributes.contains(name)
                        && !(value instanceof Value.Text(String text) && text.startsWith("20"));
                if (notADate || isRefused(name)) {
                  overflow.add(name);
                }
              });
    }
    return overflow;
  }

  private static boolean isRefused(String name) {
    return name.equals("_id") || name.isBlank() || name.startsWith(".") || name.endsWith(".");
  }

  private static JsonNode render(Change change, Set<String> overflow) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      DocumentWriter.write(json, change, Instant.now(), overflow, false);
      json.flush();
      return EngineIndex.EXACT.readTree(text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized Map<String, JsonNode> found() {
    Map<String, JsonNode> found = new HashMap<>(documents);
    found.values().removeIf(document -> document.at("/_replication/deleted").asBoolean());
    return found;
  }

  @Override
  public synchronized Map<String, JsonNode> all() {
    return Map.copyOf(documents);
  }
}
