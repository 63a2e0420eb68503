package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/** An index, as a writer and as its readers see it. */
interface IndexUnderTest {

  IndexWriter writer();

  /** What readers find: documents by id. */
  Map<String, JsonNode> found();

  /** All documents, tombstones included. */
  Map<String, JsonNode> all();

  /** What readers find under this id: a missing node if nothing. */
  default JsonNode document(String id) {
    return found().getOrDefault(id, MissingNode.getInstance());
  }
}
