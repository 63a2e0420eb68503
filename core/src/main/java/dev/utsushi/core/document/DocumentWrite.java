package dev.utsushi.core.document;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Version;

/**
 * A change on its way to its document. The document is rendered only as it is sent, since it tells
 * the time of that.
 *
 * @param id the document's {@code _id}
 */
public record DocumentWrite(String id, Change change) {

  /** The write that brings this change to its document. */
  public static DocumentWrite of(Change change) {
    return new DocumentWrite(DocumentId.of(change.key()), change);
  }

  /** The version that the document will have. */
  public Version version() {
    return change.version();
  }
}
