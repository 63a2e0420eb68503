package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/** An index, as its writer and its readers see it. */
interface IndexUnderTest {

  IndexWriter writer();

  /** Returns what readers find: documents by id. */
  Map<String, JsonNode> found();

  /** Returns all documents, tombstones included. */
  Map<String, JsonNode> all();

  /** Returns what readers find under this id; a missing node if there is none. */
  default JsonNode document(String id) {
    return found().getOrDefault(id, MissingNode.getInstance());
  }
}
