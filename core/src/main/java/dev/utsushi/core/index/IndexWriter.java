package dev.utsushi.core.index;

import dev.utsushi.core.document.DocumentWrite;
import java.util.List;

/**
 * Writes documents so that each stands at the newest of the versions written, in whatever order,
 * however often and by how many writers at once they come.
 */
public interface IndexWriter {

  /**
   * Writes the documents.
   *
   * @param writes at most one for a document
   * @param deadline when to have given up
   * @return one outcome for each write, in the same order
   */
  List<Outcome> write(List<DocumentWrite> writes, Deadline deadline);
}
