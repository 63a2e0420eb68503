package dev.utsushi.core.index;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.search.SearchClient;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents so that each ends at the newest of the versions written, whatever the order,
 * however often, and by however many writers at once.
 */
public interface IndexWriter {

  /**
   * Creates a writer to the index of these names and, while it is rebuilt, to the new one as well.
   * It connects to nothing yet.
   *
   * @param mapping what to create the index with, if it does not exist
   */
  static IndexWriter to(SearchClient client, IndexNames names, Mapping mapping, Listener listener) {
    return new RebuildAwareWriter(
        names, each -> new EngineWriter(client, each, mapping, listener, RetryingBulk.JITTER));
  }

  /**
   * Creates a writer to several indexes, by {@link DocumentWrite#target}.
   *
   * @param mappings one for each index
   * @param listeners one for each index
   */
  static IndexWriter toSeveral(
      SearchClient client,
      List<IndexNames> names,
      List<Mapping> mappings,
      List<Listener> listeners) {
    return names.size() == 1
        ? to(client, names.getFirst(), mappings.getFirst(), listeners.getFirst())
        : JointBulk.writer(client, names, mappings, listeners);
  }

  /** Creates a writer that gives the writes of each of several indexes to the writer of that. */
  static IndexWriter toEach(List<IndexWriter> writers) {
    return writers.size() == 1 ? writers.getFirst() : new SeveralIndexesWriter(writers, null);
  }

  /** Creates a writer to one index only. */
  static IndexWriter toOne(
      SearchClient client, IndexNames names, Mapping mapping, Listener listener) {
    return new EngineWriter(client, names, mapping, listener, RetryingBulk.JITTER);
  }

  /** Creates a writer that reports what it would do and writes nothing. */
  static IndexWriter dryRun(SearchClient client, IndexNames names, Listener listener) {
    return new RebuildAwareWriter(names, each -> new DryRunWriter(client, each, listener));
  }

  /**
   * Returns a writer for a table that is moving from its own stream to Kinesis, which carries the
   * same changes under a newer label. A later change of the older stream is superseded: Kinesis
   * brings it as well.
   */
  static IndexWriter besideNewerStream(IndexWriter writer) {
    return (writes, deadline) ->
        writer.write(writes, deadline).stream().map(IndexWriter::besideNewerStream).toList();
  }

  private static Outcome besideNewerStream(Outcome outcome) {
    return outcome instanceof Outcome.Rejected(_, Outcome.Rejects what)
            && what == Outcome.Rejects.OLDER_STREAM
        ? new Outcome.Superseded()
        : outcome;
  }

  /**
   * Writes the documents.
   *
   * @param writes at most one for a document
   * @param deadline when to give up
   * @return one outcome for each write, in the same order
   */
  List<Outcome> write(List<DocumentWrite> writes, Deadline deadline);

  /**
   * A change and the document that it writes. The document is rendered only when it is sent,
   * because it holds the time of that.
   *
   * @param id the document's {@code _id}
   * @param repairs the {@code indexedAt} of a document that is to be replaced by one of the same
   *     version, or to be purged; empty if it has none; null for a change
   * @param target which of the table's indexes it goes to; a writer to one index does not look
   * @param collided attributes that must not be fields, whatever the mapping says
   * @param unknown why nobody knows what to write, so that this must not be sent; null if that is
   *     known
   */
  record DocumentWrite(
      String id,
      Change change,
      @Nullable String repairs,
      int target,
      Set<String> collided,
      @Nullable String unknown) {

    /** Creates a write. */
    public DocumentWrite(
        String id, Change change, @Nullable String repairs, int target, Set<String> collided) {
      this(id, change, repairs, target, collided, null);
    }

    /** Creates a write to the first of the table's indexes. */
    public DocumentWrite(String id, Change change, @Nullable String repairs) {
      this(id, change, repairs, 0, Set.of());
    }

    /** Returns the write that brings this change to its document. */
    public static DocumentWrite of(Change change) {
      return new DocumentWrite(DocumentId.of(change.key()), change, null);
    }

    /** Creates the write of a change whose document nobody knows. */
    public static DocumentWrite unknown(String id, Change change, int target, String reason) {
      return new DocumentWrite(id, change, null, target, Set.of(), reason);
    }

    /** Returns the same write to another of the table's indexes. */
    public DocumentWrite to(int other) {
      return new DocumentWrite(id, change, repairs, other, collided, unknown);
    }

    /** Returns the attributes that must go to the overflow. */
    Set<String> reserved() {
      Set<String> reserved = DocumentWriter.reservedNames(change);
      if (collided.isEmpty()) {
        return reserved;
      }
      Set<String> both = new HashSet<>(reserved);
      both.addAll(collided);
      return both;
    }

    /** Returns the version that the document will have. */
    public Version version() {
      return change.version();
    }
  }

  /** Learns what happens on the way to an outcome. */
  interface Listener {

    /**
     * Writes are about to be retried inside the invocation.
     *
     * @param writes how many
     * @param cause why the first of them did not succeed
     */
    void retrying(int writes, String cause);

    /**
     * The index rejects the mapping in the settings: it keeps its own, and attributes that do not
     * fit go to the overflow until the index is rebuilt.
     *
     * @param cause the engine's error type and reason: about the mapping, not about items
     */
    void mappingRefused(String cause);

    /** The index was created to show another projection of the table than the settings have. */
    default void projectionDiffers() {}
  }
}
