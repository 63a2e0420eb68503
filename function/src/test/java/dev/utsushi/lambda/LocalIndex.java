package dev.utsushi.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import java.util.HashMap;
import java.util.Map;

/** What readers find in an index. */
record LocalIndex(String name) {

  EngineIndex engine() {
    return new EngineIndex(Engines.openSearch().endpoint(), name);
  }

  /** The memo of each document that readers find, by id. */
  Map<String, String> documents() {
    Map<String, String> documents = new HashMap<>();
    if (!engine().send("GET", "/_cat/aliases", "").toString().contains('"' + name + '"')) {
      return documents;
    }
    engine().found().forEach((id, document) -> documents.put(id, memo(document)));
    return documents;
  }

  private static String memo(JsonNode document) {
    return document.path("memo").asText();
  }
}
